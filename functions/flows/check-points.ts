/** Whether what is sealed is still there: snapshots can be deleted by hand, by a rule of somebody else's, with an account's clean-up. */
import type { Artifact } from '#domain/artifact.ts';
import type { About } from '#domain/mail/layout.ts';
import { pointBroken } from '#domain/mail/point-broken.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { livePoints } from '#domain/retention.ts';
import { oweNotice } from '#ledger/notices.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { progressOf } from '#providers/index.ts';

/** Asks AWS for every artifact of every live point of these workloads, in pages; a point that has lost one is never offered again. */
export async function checkPoints(workloads: readonly Workload[]): Promise<void> {
  const listed = await Promise.all(
    workloads.map(async (workload) => ({ workload, points: livePoints(await pointsOf(workload.name)) })),
  );
  const lost = await lostOf(listed.flatMap(({ points }) => points));
  if (lost.size === 0) return;
  for (const { workload, points } of listed) {
    const looked = points.map((point) => ({ point, problem: problemOf(point, lost) }));
    const [newestPoint] = looked.flatMap(({ point, problem }) => (problem === '' ? [point] : []));
    for (const { point, problem } of looked) {
      if (problem !== '') await breakPoint({ workload, newestPoint, nowMs: Date.now() }, point, problem);
    }
  }
}

const problemOf = ({ artifacts }: Point, lost: ReadonlyMap<string, string>): string =>
  artifacts.flatMap((artifact) => lost.get(keyOf(artifact)) ?? []).join('; ');

const keyOf = ({ kind, id }: Artifact): string => `${kind} ${id}`;

/** A sentence for each artifact that is gone or in error. */
async function lostOf(points: readonly Point[]): Promise<ReadonlyMap<string, string>> {
  const seen = await progressOf(points.flatMap(({ artifacts }) => artifacts));
  const lost = seen.filter(({ state }) => state === 'gone' || state === 'error');
  return new Map(
    lost.map((artifact) => [
      keyOf(artifact),
      `${artifact.id} of ${artifact.source} is ${artifact.state}: ${artifact.problem ?? 'no reason given'}`,
    ]),
  );
}

/** Owed before it is marked: what is marked is not looked at again. */
async function breakPoint(about: About, point: Point, problem: string): Promise<void> {
  const { workload, nowMs } = about;
  const broken = { problem, at: new Date(nowMs).toISOString() };
  const mail = pointBroken({ ...about, point: { ...point, broken } });
  const owed = { audience: 'failures', workloads: [workload.name], createdAt: broken.at } as const;
  await oweNotice({ ...owed, id: `point/${point.id}/broken`, ...mail });
  await changePoint(workload.name, point.id, (now) => (now.broken ? undefined : { ...now, broken }));
}
