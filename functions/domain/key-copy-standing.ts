/** How copies under other keys stand: of caches, whose owner wants them (`copy`). */
import { isMadeCopy } from './artifact-export.ts';
import type { Point } from './point.ts';
import { newestOf } from './retention.ts';

export interface KeyCopyStanding {
  /** The newest point of whose parts there are all the copies that it shall have. */
  readonly newest?: Point;
  /** The newest point of all has not got all of its copies, and will not: one was given up, or lost. */
  readonly isFailed: boolean;
}

/** @returns undefined of a workload none of whose points shall have such copies */
export function keyCopyStanding(points: readonly Point[]): KeyCopyStanding | undefined {
  const wanting = points.filter((point) => keyCopiesOf(point).length > 0);
  const { newestPoint: last } = newestOf(wanting);
  if (last === undefined) return undefined;
  const { newestPoint: newest } = newestOf(wanting.filter((point) => keyCopiesOf(point).every(isMadeCopy)));
  const isFailed = keyCopiesOf(last).some(({ state }) => state === 'failed');
  return { ...(newest === undefined ? {} : { newest }), isFailed };
}

const keyCopiesOf = ({ exports = [] }: Point) => exports.filter(({ key }) => key !== undefined);
