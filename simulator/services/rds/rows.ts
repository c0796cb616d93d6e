/** A database's content: rows, oldest first, each with the moment at which it was written. Rows are only ever added. */
export class Rows extends Array<string> {
  /** What is made of some of them is a plain list. */
  static override get [Symbol.species]() {
    return Array;
  }

  readonly #nowMs: () => number;
  readonly #writtenMs: number[] = [];

  /** @param restored those that are there from the beginning */
  constructor(nowMs: () => number, restored: readonly string[] = []) {
    super();
    this.#nowMs = nowMs;
    this.push(...restored);
  }

  override push(...rows: readonly string[]): number {
    this.#writtenMs.push(...rows.map(() => this.#nowMs()));
    return super.push(...rows);
  }

  /** Those that were written by then. */
  asOf(ms: number): readonly string[] {
    return this.filter((_, index) => (this.#writtenMs[index] ?? 0) <= ms);
  }
}
