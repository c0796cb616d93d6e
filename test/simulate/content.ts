/** What applications have written: rows that refer to files, in one copy or in use. */
import type { Stage } from '../scenario/stage.ts';

export interface Written {
  /** Of each database, or part of one, oldest first. */
  readonly rows: readonly (readonly string[])[];
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Content {
  /** What is in use now. */
  inUse(stage: Stage): Written;
  /**
   * A sentence for each thing that does not fit: a row without its file is corruption, a file without a row is only garbage.
   * @param isStill nothing was written from the first copy on until the last was complete
   */
  unfitting(written: Written, isStill: boolean): readonly string[];
}
