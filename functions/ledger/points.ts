import type { Point } from '#domain/point.ts';
import { change, create, list, read } from './table.ts';

const partition = (workload: string) => `workload#${workload}`;
const key = (workload: string, id: string) => ({ pk: partition(workload), sk: `point#${id}` });

/** Writes a sealed point; a second sealing of the same run changes nothing. */
export const createPoint = (point: Point) => create(key(point.workload, point.id), point);

export const readPoint = async (workload: string, id: string): Promise<Point | undefined> =>
  (await read<Point>(key(workload, id)))?.record;

export const changePoint = (workload: string, id: string, next: (point: Point) => Point | undefined) =>
  change<Point>(key(workload, id), (point) => (point === undefined ? undefined : next(point)));

/** A workload's points, newest first, retired ones too. */
export const pointsOf = (workload: string, most?: number) =>
  list<Point>(partition(workload), 'point#', { newestFirst: true, ...(most === undefined ? {} : { most }) });
