/** Whether what is sealed is still there: snapshots can be deleted by hand, by a rule of somebody else's, with an account's clean-up; and given back. */
import type { Artifact } from '#domain/artifact.ts';
import { copiesUnderKeys, copyName, isMadeCopy } from '#domain/artifact-export.ts';
import { leftOverBy } from '#domain/left-over.ts';
import type { About } from '#domain/mail/layout.ts';
import { pointBroken, pointWhole } from '#domain/mail/point-broken.ts';
import type { Point } from '#domain/point.ts';
import type { Workload } from '#domain/policy.ts';
import { isBroken, livePoints, newestOf } from '#domain/retention.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { changePoint, pointsOf } from '#ledger/points.ts';
import { asFault } from '#platform/aws-errors.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { logger } from '#platform/logger.ts';
import { progressOf } from '#providers/index.ts';
import { checkStandIns } from './check-stand-ins.ts';

/**
 * Asks AWS for every artifact of every live point of these workloads, in pages; a point that has lost one is not offered until it is there again
 * (`mendPoints`). One that has parts of a kind that has left the policy cannot be asked for.
 * @param isMeant which of them; default all
 * @throws the first error, once all kinds have been asked for: what one service does not answer must not hide what others have lost
 */
export async function checkPoints(
  workloads: readonly Workload[],
  isMeant: (point: Point) => boolean = () => true,
): Promise<void> {
  const isLeftOver = leftOverBy(deployedPolicy());
  const listed = await Promise.all(
    workloads.map(async (workload) => ({
      workload,
      points: livePoints(await pointsOf(workload.name)).filter((point) => isMeant(point) && !isLeftOver(point)),
    })),
  );
  const points = listed.flatMap((each) => each.points);
  const { lost, errors } = await lostOf(points);
  if (lost.size > 0) {
    await breakPoints(listed, lost);
    await checkStandIns(points, (kind, id) => lost.get(keyOf({ kind, id })));
  }
  if (errors.length > 0) throw errors[0];
}

interface Listed {
  readonly workload: Workload;
  readonly points: readonly Point[];
}

async function breakPoints(listed: readonly Listed[], lost: ReadonlyMap<string, string>): Promise<void> {
  for (const { workload, points } of listed) {
    const looked = points.map((point) => ({ point, missing: missingOf(point, lost) }));
    const newest = newestOf(looked.flatMap(({ point, missing }) => (missing.length === 0 ? [point] : [])));
    for (const { point, missing } of looked) {
      if (missing.length > 0) await breakPoint({ workload, ...newest, nowMs: Date.now() }, point, missing);
    }
  }
}

/**
 * A point whose parts are all there again (the Recycle Bin gives snapshots and images back) is as good as it was.
 * @param points all of the workload, newest first
 * @returns them as they are then. What cannot be asked for stays broken
 */
export async function mendPoints(workload: Workload, points: readonly Point[]): Promise<readonly Point[]> {
  const whole: Point[] = [];
  for (const point of points.filter(isBroken)) if (await mayBeWhole(point)) whole.push(point);
  for (const point of whole) await mendPoint(workload, point, points);
  return whole.length === 0 ? points : pointsOf(workload.name);
}

async function mayBeWhole(point: Point): Promise<boolean> {
  try {
    return await isWhole(point);
  } catch (error) {
    logger.warn(asFault(error, `looking whether ${point.id} is whole again`).message);
    return false;
  }
}

/** Whether each part is complete now, itself or by its copy under another key. @throws what AWS throws where it does not tell */
export async function isWhole(point: Point): Promise<boolean> {
  const seen = await progressOf([...point.artifacts, ...copiesUnderKeys(point, isMadeCopy)]);
  const complete = new Set(seen.filter(({ state }) => state === 'completed').map(keyOf));
  return point.artifacts.every(
    (artifact) => complete.has(keyOf(artifact)) || complete.has(keyOf({ ...artifact, id: copyName(artifact.id) })),
  );
}

/** Owed before the mark goes: what has none is not looked at here again. */
async function mendPoint(workload: Workload, { broken, ...point }: Point, points: readonly Point[]): Promise<void> {
  const nowMs = Date.now();
  const mail = pointWhole({ workload, ...newestOf([point, ...points]), nowMs, point });
  await oweFailureMail(workload.name, `point/${point.id}/whole/${broken?.at}`, mail);
  await changePoint(workload.name, point.id, ({ broken: _, ...now }) => now);
}

interface Missing {
  readonly artifact: Artifact;
  readonly words: string;
}

/** A copy under another key stands in for what is gone. */
function missingOf(point: Point, lost: ReadonlyMap<string, string>): readonly Missing[] {
  const copied = new Set(copiesUnderKeys(point, isMadeCopy).map(keyOf));
  return point.artifacts.flatMap((artifact) => {
    const words = lost.get(keyOf(artifact));
    const copy = keyOf({ kind: artifact.kind, id: copyName(artifact.id) });
    const hasStandIn = copied.has(copy) && !lost.has(copy);
    return words === undefined || hasStandIn ? [] : [{ artifact, words }];
  });
}

const keyOf = ({ kind, id }: Pick<Artifact, 'kind' | 'id'>): string => `${kind} ${id}`;

interface Losses {
  /** A sentence for each artifact that is gone or in error. */
  readonly lost: ReadonlyMap<string, string>;
  /** Of kinds whose service could not be asked. */
  readonly errors: readonly unknown[];
}

async function lostOf(points: readonly Point[]): Promise<Losses> {
  const kinds = Map.groupBy(
    points.flatMap((point) => [...point.artifacts, ...copiesUnderKeys(point, isMadeCopy)]),
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

/** Owed before it is marked: what is marked is not looked at again. It may be mended, and lose a part once more on another day. */
async function breakPoint(about: About, point: Point, missing: readonly Missing[]): Promise<void> {
  const { workload, nowMs } = about;
  const broken = { problem: missing.map(({ words }) => words).join('; '), at: new Date(nowMs).toISOString() };
  const mail = pointBroken({ ...about, point: { ...point, broken }, missing: missing.map(({ artifact }) => artifact) });
  await oweFailureMail(workload.name, `point/${point.id}/broken/${broken.at.slice(0, 10)}`, mail, broken.at);
  await changePoint(workload.name, point.id, (now) => (now.broken ? undefined : { ...now, broken }));
}
