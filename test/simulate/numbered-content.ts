import type { Content } from './content.ts';

/**
 * What belongs together where a row says which number the files have, and is written after them.
 * @param paths in the order in which they are read; of those that are missing nothing fits
 */
export const fittingNumbers =
  (paths: readonly string[]): Content['unfitting'] =>
  ({ rows, files }, isStill) => {
    const last = rows.map((each) => Number(each.at(-1) ?? 0));
    const numbers = paths.map((path) => Number(files.get(path)));
    const isOlder = numbers.every((number) => last.every((row) => row <= number));
    const isSame = numbers.every((number) => last.every((row) => row === number));
    return (isStill ? isSame : isOlder)
      ? []
      : [`the last row is of ${last.join(' and ')}, and the files are of ${numbers.join(' and ')}`];
  };
