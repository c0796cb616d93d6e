import type { Point } from '#domain/point.ts';
import type { PointCopy } from '#domain/point-copy.ts';
import { utc } from './times.ts';

/** What has become of a point's copy in another Region, in a word or two. */
export function copyState({ copy }: Pick<Point, 'copy'>): string {
  if (copy === undefined) return '-';
  const { state, parts, retire } = copy;
  if (retire !== undefined) return retire.doneAt === undefined ? 'retiring' : 'retired';
  if (state !== 'copying') return state;
  return `copying, ${parts.filter(({ isComplete }) => isComplete).length} of ${parts.length}`;
}

/** The same, and what there is of it. */
export function copyLines({ region, wholeAt, failure, parts }: PointCopy, state: string): readonly string[] {
  const since = wholeAt === undefined ? '' : `, whole since ${utc(wholeAt)}`;
  return [
    `copy in ${region}: ${state}${since}`,
    ...(failure === undefined ? [] : [`  ${failure.problem}`]),
    ...parts.flatMap(({ of, id, isComplete }) =>
      id === undefined ? [] : [`  ${id}  copy of ${of}${isComplete ? '' : ', not complete'}`],
    ),
  ];
}
