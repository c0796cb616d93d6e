/** Whether what is whole in another Region is as new as the policy wants: told when it is behind, and when it is so no more. */
import { copyBehind, copyCaughtUp } from '#domain/mail/copy-mails.ts';
import type { Point } from '#domain/point.ts';
import { copyStanding } from '#domain/point-copy.ts';
import type { Workload } from '#domain/policy.ts';
import { newestOf } from '#domain/retention.ts';
import { clearAlarm, raiseAlarm, standingAlarms } from '#ledger/alarms.ts';
import { oweFailureMail } from '#ledger/notices.ts';

const kind = 'copies';

/** @param points all of the workload */
export async function watchCopies(workload: Workload, points: readonly Point[]): Promise<void> {
  const { name } = workload;
  const nowMs = Date.now();
  const now = new Date(nowMs).toISOString();
  const standing = copyStanding(workload, points, nowMs);
  if (standing === undefined) return;
  const about = { workload, ...newestOf(points), nowMs, standing };
  const subject = standing.newest?.id ?? 'none';
  if (standing.isBehind) {
    const alarm = await raiseAlarm({ workload: name, kind, since: now, subject });
    await oweFailureMail(name, `copies/${name}/${alarm?.since ?? now}/behind`, copyBehind(about));
    return;
  }
  const alarm = (await standingAlarms(name)).find((standing) => standing.kind === kind);
  if (alarm === undefined || standing.newest === undefined) return;
  await oweFailureMail(name, `copies/${name}/${alarm.since}/back`, copyCaughtUp({ ...about, sinceAt: alarm.since }));
  await clearAlarm(name, kind, now);
}
