import { isExporting } from '#domain/artifact-export.ts';
import { daysAfter } from '#domain/expiry.ts';
import type { Point } from '#domain/point.ts';
import { isCopying, isThere, isToCopy } from '#domain/point-copy.ts';
import { change, create, list, type Place, read } from './table.ts';

const partition = (workload: string) => `workload#${workload}`;
const key = (workload: string, id: string) => ({ pk: partition(workload), sk: `point#${id}` });

/** Days for which a retired point, of which nothing is left anywhere, can still be asked about. */
const keptDays = 60;
const placeOf = (point: Point): Place => {
  const { takenAt, retire, copy } = point;
  // One place a record: what is exported is copied afterwards.
  if (isExporting(point)) return { open: { sort: 'export', since: point.sealedAt } };
  if (isCopying(point)) return { open: { sort: 'copying', since: takenAt } };
  if (isToCopy(point)) return { open: { sort: 'copy', since: takenAt } };
  if (retire?.doneAt === undefined || isThere(point)) return {};
  const last = [retire.doneAt, copy?.retire?.doneAt ?? ''].sort().at(-1) ?? '';
  return { keptUntil: daysAfter(last, keptDays) };
};

/** Writes a sealed point; a second sealing of the same run changes nothing. */
export const createPoint = (point: Point) => create(key(point.workload, point.id), point, placeOf(point));

export const readPoint = async (workload: string, id: string): Promise<Point | undefined> =>
  (await read<Point>(key(workload, id)))?.record;

export const changePoint = (workload: string, id: string, next: (point: Point) => Point | undefined) =>
  change<Point>(key(workload, id), (point) => (point === undefined ? undefined : next(point)), placeOf);

/** A workload's points, newest first, those retired of late too. */
export const pointsOf = (workload: string, most?: number) =>
  list<Point>(partition(workload), 'point#', { newestFirst: true, ...(most === undefined ? {} : { most }) });
