/** What a new kind of member costs: files of its own, and files that somebody has to change besides. */
import { addKind } from '../../test/scenario/new-kind.ts';

export interface NewKind {
  readonly own: number;
  /** By `npm run kinds`, from the folders. */
  readonly written: number;
  readonly byHand: readonly string[];
}

const isWritten = (file: string): boolean => /\.generated\.ts$|^holdfast\.schema\.json$/.test(file);

export function measureNewKind(): NewKind {
  const { own, changed, remove } = addKind();
  remove();
  return {
    own: own.length,
    written: changed.filter(isWritten).length,
    byHand: changed.filter((file) => !isWritten(file)),
  };
}
