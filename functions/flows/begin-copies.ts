/**
 * Asks for copies of sealed points in other Regions, as many as a Region takes at a time: what is begun first, then the newest. Of a workload
 * one point is under way at a time, and what is older than that is passed over: the newest is most wanted, and of one lineage EBS would only
 * delay the next.
 */
import { daysAfter } from '#domain/expiry.ts';
import type { Point } from '#domain/point.ts';
import { type CopiedPoint, type CopyPart, isCopying, isToCopy, isUnderWay } from '#domain/point-copy.ts';
import { changePoint, readPoint } from '#ledger/points.ts';
import type { OpenPoint } from '#ledger/unfinished.ts';
import { asFault, isAmbiguous } from '#platform/aws-errors.ts';
import { workloadOrRemoved } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { logger } from '#platform/logger.ts';
import { copierOf } from '#providers/copiers.ts';
import { failCopy } from './fail-copy.ts';

/**
 * @param underWay points of which parts may still have to be begun
 * @param waiting those of which none is, the oldest first
 */
export async function beginCopies(underWay: readonly CopiedPoint[], waiting: readonly OpenPoint[]): Promise<void> {
  const room = createRoom(underWay);
  for (const point of underWay.toSorted((one, other) => (one.takenAt < other.takenAt ? 1 : -1))) {
    await beginParts(point, room);
  }
  const begun = new Map(underWay.map(({ workload, takenAt }) => [workload, takenAt]));
  for (const each of waiting.toReversed()) {
    const newest = begun.get(each.workload);
    if (newest === undefined) {
      const point = await pointToBegin(each, room);
      if (point === undefined) continue;
      begun.set(each.workload, point.takenAt);
      await beginParts(point, room);
    } else if (each.since < newest) await passOver(each);
  }
}

interface Room {
  has(kind: string, region: string): boolean;
  take(kind: string, region: string): void;
  /** The Region has none, whatever is known of it here. */
  close(kind: string, region: string): void;
}

function createRoom(underWay: readonly CopiedPoint[]): Room {
  const taken = new Map<string, number>();
  const keyOf = (kind: string, region: string) => `${kind} ${region}`;
  const add = (kind: string, region: string, count: number) =>
    void taken.set(keyOf(kind, region), (taken.get(keyOf(kind, region)) ?? 0) + count);
  for (const { copy } of underWay) for (const part of copy.parts) if (isUnderWay(part)) add(part.kind, copy.region, 1);
  return {
    has: (kind, region) => (taken.get(keyOf(kind, region)) ?? 0) < copierOf(kind).mostUnderWay,
    take: (kind, region) => add(kind, region, 1),
    close: (kind, region) => add(kind, region, Infinity),
  };
}

/** Read only where there is room in the Region that the policy names; what the policy no longer wants there is passed over. */
async function pointToBegin(waiting: OpenPoint, room: Room): Promise<CopiedPoint | undefined> {
  const { members, copyTo } = workloadOrRemoved(waiting.workload);
  const isFull = copyTo !== undefined && members.some(({ kind }) => !room.has(kind, copyTo.region));
  if (isFull) return undefined;
  const point = await readPoint(waiting.workload, waiting.pointId);
  if (point?.copy === undefined || !isToCopy(point)) return undefined;
  if (copyTo?.region === point.copy.region) return { ...point, copy: point.copy };
  await passOver(waiting);
  return undefined;
}

async function passOver({ workload, pointId }: OpenPoint): Promise<void> {
  await changePoint(workload, pointId, (now) =>
    now.copy !== undefined && isToCopy(now) ? { ...now, copy: { ...now.copy, state: 'passed over' } } : undefined,
  );
}

async function beginParts(point: CopiedPoint, room: Room): Promise<void> {
  const { region, parts } = point.copy;
  for (const part of parts) {
    if (part.askedAt !== undefined || !room.has(part.kind, region)) continue;
    room.take(part.kind, region);
    const end = await beginPart(point, part);
    if (end === 'failed') return;
    if (end === 'refused for now') room.close(part.kind, region);
  }
}

/** Of several sweeps that would ask for it one does: whoever has written down that it will. A crash after that is the look's of a later sweep. */
async function beginPart(point: CopiedPoint, part: CopyPart): Promise<End> {
  const askedAt = new Date().toISOString();
  if (!(await claim(point, part, askedAt))) return 'asked';
  const artifact = point.artifacts.find(({ kind, id }) => kind === part.kind && id === part.of);
  if (artifact === undefined) return end(point, `The record of ${point.id} has no artifact ${part.of}.`);
  const answer = await copierOf(part.kind)
    .begin(artifact, point.copy, tagsOf(point))
    .catch((error: unknown) => ({ error }));
  if (typeof answer !== 'string') return refused(point, part, answer.error);
  await changePart(point, part, (now) => ({ ...now, id: answer }));
  return 'asked';
}

async function refused(point: CopiedPoint, part: CopyPart, error: unknown): Promise<End> {
  if (isAmbiguous(error)) return 'asked';
  const fault = asFault(error, `copying ${part.of} to ${point.copy.region}`);
  if (fault.name !== 'TransientFault') return end(point, fault.message);
  logger.info(fault.message);
  await changePart(point, part, ({ askedAt: _, ...now }) => now);
  await changePoint(point.workload, point.id, (now) => (isCopying(now) ? waitingIfUnasked(now) : undefined));
  return 'refused for now';
}

/** Of which no part was asked for: another, newer by then, may be begun in its place. */
function waitingIfUnasked({ copy: { begunAt: _, ...copy }, ...point }: CopiedPoint): Point | undefined {
  return copy.parts.some(({ askedAt }) => askedAt !== undefined)
    ? undefined
    : { ...point, copy: { ...copy, state: 'waiting' } };
}

type End = 'asked' | 'failed' | 'refused for now';

async function end(point: CopiedPoint, problem: string): Promise<'failed'> {
  await failCopy({ ...point, copy: { ...point.copy, state: 'copying' } }, problem);
  return 'failed';
}

const tagsOf = ({ workload, id, takenAt, verdict, copy }: CopiedPoint) => {
  const { copyTo, retention } = workloadOrRemoved(workload);
  return {
    ...{ stack: environment.stack(), workload, pointId: id, verdict: verdict.consistency },
    expiresAt: daysAfter(takenAt, (copyTo?.retention ?? retention).days),
    count: copy.parts.length,
  };
};

/** Whether this sweep is the one that asks. */
async function claim({ workload, id }: CopiedPoint, { of }: CopyPart, askedAt: string): Promise<boolean> {
  let isOurs = false;
  await changePoint(workload, id, (now) => {
    isOurs = (isCopying(now) || isToCopy(now)) && isUnasked(now.copy?.parts ?? [], of);
    if (!isOurs || now.copy === undefined) return undefined;
    const parts = now.copy.parts.map((part) => (part.of === of ? { ...part, askedAt } : part));
    return { ...now, copy: { begunAt: askedAt, ...now.copy, state: 'copying', parts } };
  });
  return isOurs;
}

const isUnasked = (parts: readonly CopyPart[], of: string): boolean =>
  parts.some((part) => part.of === of && part.askedAt === undefined);

async function changePart(
  { workload, id }: CopiedPoint,
  { of }: CopyPart,
  next: (part: CopyPart) => CopyPart,
): Promise<void> {
  await changePoint(workload, id, (now) =>
    isCopying(now)
      ? { ...now, copy: { ...now.copy, parts: now.copy.parts.map((part) => (part.of === of ? next(part) : part)) } }
      : undefined,
  );
}
