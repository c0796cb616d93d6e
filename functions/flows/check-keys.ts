/** Whether points could be decrypted: an attached volume works on without its key, and is backed up night after night, and nobody learns it but from a recovery. */
import { createHash } from 'node:crypto';
import { leftOverBy } from '#domain/left-over.ts';
import { keysUnusable, keysUsable, type NeededKey } from '#domain/mail/key-mails.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { livePoints, newestOf } from '#domain/retention.ts';
import { clearAlarm, raiseAlarm, standingAlarms } from '#ledger/alarms.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { pointsOf } from '#ledger/points.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { providerOf } from '#providers/index.ts';

const kind = 'keys';

/** Told when it begins, for each other key or state, and when it is over. @throws the first error, once all workloads have been looked at */
export async function checkKeys(workloads: readonly Workload[]): Promise<void> {
  const errors: unknown[] = [];
  for (const workload of workloads) await checkKeysOf(workload).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function checkKeysOf(workload: Workload): Promise<void> {
  const { name } = workload;
  const all = await pointsOf(name);
  const isLeftOver = leftOverBy(deployedPolicy());
  const keys = await neededKeys(livePoints(all).filter((point) => !isLeftOver(point)));
  const nowMs = Date.now();
  const now = new Date(nowMs).toISOString();
  const about = { workload, ...newestOf(all), nowMs };
  if (keys.length === 0) return tellUsable(name, now, (sinceAt) => keysUsable({ ...about, sinceAt }));
  const subject = keys.map(({ key, state }) => `${key} is ${state}`).join(', ');
  const alarm = await raiseAlarm({ workload: name, kind, since: now, subject });
  const mark = createHash('sha256').update(subject).digest('hex').slice(0, 16);
  await oweFailureMail(name, `keys/${name}/${alarm?.since ?? now}/${mark}`, keysUnusable({ ...about, keys }));
}

async function neededKeys(points: readonly Point[]): Promise<readonly NeededKey[]> {
  const kinds = Map.groupBy(
    points.flatMap(({ artifacts }) => artifacts),
    (artifact) => artifact.kind,
  );
  const looks = [...kinds].map(([kind, artifacts]) => providerOf(kind).unusableKeys?.(artifacts));
  const found = (await Promise.all(looks)).flatMap((keys) => keys ?? []);
  const needing = (ids: ReadonlySet<string>) =>
    points.filter(({ artifacts }) => artifacts.some(({ id }) => ids.has(id)));
  return found
    .map(({ key, state, artifacts }) => ({ key, state, points: needing(artifacts).length, of: points.length }))
    .sort((one, other) => one.key.localeCompare(other.key));
}

async function tellUsable(
  name: string,
  now: string,
  mailOf: (sinceAt: string) => ReturnType<typeof keysUsable>,
): Promise<void> {
  const alarm = (await standingAlarms(name)).find((standing) => standing.kind === kind);
  if (alarm === undefined) return;
  await oweFailureMail(name, `keys/${name}/${alarm.since}/usable`, mailOf(alarm.since));
  await clearAlarm(name, kind, now);
}
