/** Which temporary files are taken away on a guest: before a snapshot (the hook `clean-up`), and after a recovery. */
export interface CleanUp {
  /** Absolute paths of folders on the guest; what lies on other file systems below them is left alone. */
  readonly roots: readonly string[];
  /** Base names; `*` stands for anything. */
  readonly files: readonly string[];
  /** Names of folders, anywhere below the roots, whose content is taken away. */
  readonly folders: readonly string[];
  /** Folder on the guest that they are moved to; absent: they are deleted. */
  readonly moveTo?: string | undefined;
}

/** As the guest document takes it. */
export const cleanUpParameters = ({ roots, files, folders, moveTo = 'none' }: CleanUp) => ({
  roots: roots.join(','),
  files: namesOf(files),
  folders: namesOf(folders),
  moveTo,
});

/** A parameter of a document cannot be empty. */
const namesOf = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(','));
