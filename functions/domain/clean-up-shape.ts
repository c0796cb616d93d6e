/** Temporary files as people name them in a policy. Imported by deploy-time code only (zod). */
import { z } from 'zod';
import { guestPath, listWithout } from './policy-fields.ts';
import { cleanedFile, cleanedFolder, cleanedRoot } from './policy-guest-fields.ts';

export const cleanUpFields = {
  roots: listWithout(cleanedRoot, 'This folder')
    .min(1, 'Name at least one folder.')
    .max(20, 'At most 20 folders.')
    .describe('Folders on the guest to clean up; what is mounted below them is left alone.'),
  files: listWithout(cleanedFile, 'This name')
    .max(20, 'At most 20 names.')
    .default([])
    .describe('Base names of temporary files, * for anything, as in "TEMP.*".'),
  folders: listWithout(cleanedFolder, 'This name')
    .max(20, 'At most 20 names.')
    .default([])
    .describe('Names of folders, anywhere below, whose whole content is temporary.'),
  moveTo: guestPath
    .optional()
    .describe('Folder outside of the roots that they are moved to; without it they are deleted.'),
};

/** What `refine` takes: that something is named at all. */
export const namesSomething = [
  ({ files, folders }: { readonly files: readonly string[]; readonly folders: readonly string[] }) =>
    files.length + folders.length > 0,
  { error: 'Name what to take away: files, folders or both.' },
] as const;

export const cleanUpShape = z.strictObject(cleanUpFields).refine(...namesSomething);
