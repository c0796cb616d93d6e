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
