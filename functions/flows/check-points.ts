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

/**
 * Asks AWS for every artifact of every live point of these workloads, in pages; a point that has lost one is never offered again.
 * @throws the first error, once all kinds have been asked for: what one service does not answer must not hide what others have lost
 */
export async function checkPoints(workloads: readonly Workload[]): Promise<void> {
  const listed = await Promise.all(
    workloads.map(async (workload) => ({ workload, points: livePoints(await pointsOf(workload.name)) })),
  );
  const { lost, errors } = await lostOf(listed.flatMap(({ points }) => points));
  if (lost.size > 0) await breakPoints(listed, lost);
  if (errors.length > 0) throw errors[0];
}

interface Listed {
  readonly workload: Workload;
  readonly points: readonly Point[];
}

async function breakPoints(listed: readonly Listed[], lost: ReadonlyMap<string, string>): Promise<void> {
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

interface Losses {
  /** A sentence for each artifact that is gone or in error. */
  readonly lost: ReadonlyMap<string, string>;
  /** Of kinds whose service could not be asked. */
  readonly errors: readonly unknown[];
}

async function lostOf(points: readonly Point[]): Promise<Losses> {
  const kinds = Map.groupBy(
    points.flatMap(({ artifacts }) => artifacts),
    ({ kind }) => kind,
  );
  const looks = await Promise.allSettled([...kinds.values()].map(progressOf));
  const seen = looks.flatMap((look) => (look.status === 'fulfilled' ? look.value : []));
  const lost = seen.filter(({ state }) => state === 'gone' || state === 'error').map(sentence);
  return { lost: new Map(lost), errors: looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : [])) };
}

const sentence = (artifact: Artifact): readonly [string, string] => [
  keyOf(artifact),
  `${artifact.id} of ${artifact.source} is ${artifact.state}: ${artifact.problem ?? 'no reason given'}`,
];

/** Owed before it is marked: what is marked is not looked at again. */
async function breakPoint(about: About, point: Point, problem: string): Promise<void> {
  const { workload, nowMs } = about;
  const broken = { problem, at: new Date(nowMs).toISOString() };
  const mail = pointBroken({ ...about, point: { ...point, broken } });
  const owed = { audience: 'failures', workloads: [workload.name], createdAt: broken.at } as const;
  await oweNotice({ ...owed, id: `point/${point.id}/broken`, ...mail });
  await changePoint(workload.name, point.id, (now) => (now.broken ? undefined : { ...now, broken }));
}
