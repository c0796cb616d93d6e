/** What the demo claims, and whether it held. */
export interface Check {
  /** A sentence that is true when it holds. */
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly holds: boolean;
}

/** Holds when both are the same text. */
export const same = (what: string, expected: string, seen: string): Check => ({
  ...{ what, expected, seen, holds: expected === seen },
});

/** Holds when the condition does; `expected` and `seen` are for the reader. */
export const that = (what: string, holds: boolean, expected: string, seen: string): Check => ({
  ...{ what, expected, seen, holds },
});

/** Holds when both have the same names, in whichever order; shown by their numbers. */
export const sameNames = (what: string, expected: readonly string[], seen: readonly string[]): Check => ({
  ...{ what, expected: `the same ${expected.length}`, seen: `${seen.length}` },
  holds: new Set([...expected, ...seen]).size === expected.length && seen.length === expected.length,
});
