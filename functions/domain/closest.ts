/** Which known word a misspelt one was meant to be. */

/** Single-character edits (insert, delete, replace) between two words. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let column = 0; column < other.length; column += 1) {
      const replaced = (row[column] ?? 0) + (letter === other[column] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** @returns the known words, nearest first; those equally near keep their order */
export const byDistance = (word: string, known: readonly string[]): string[] =>
  known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ candidate }) => candidate);

/** @returns the nearest known word if it is at most two edits, and half the word, away */
export function closest(word: string, known: readonly string[]): string | undefined {
  const [nearest] = byDistance(word, known);
  if (nearest === undefined) return undefined;
  const distance = editDistance(word.toLowerCase(), nearest.toLowerCase());
  return distance <= 2 && distance * 2 <= word.length ? nearest : undefined;
}
