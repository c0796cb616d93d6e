/** Takes temporary files away on the guest before the snapshot, and refuses when some are left. It holds nothing still. */
import { cleanUpParameters } from '#domain/clean-up.ts';
import { invariantBroken } from '#domain/faults.ts';
import { orPath } from '../document.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';

const path = '/[A-Za-z0-9._/-]+';
const fileName = '[A-Za-z0-9._*-]+';
const folderName = '[A-Za-z0-9._-]+';
const listOf = (item: string) => `^${item}(,${item})*$`;

const rules = {
  kind: 'clean-up',
  parameters: {
    roots: { description: 'Folders to clean up, separated by commas.', allowedPattern: listOf(path) },
    files: {
      description: 'Base names of files to take away, * for anything, separated by commas; or none.',
      allowedPattern: listOf(fileName),
    },
    folders: {
      description: 'Names of folders whose content is taken away, separated by commas; or none.',
      allowedPattern: listOf(folderName),
    },
    moveTo: {
      description: 'Folder that they are moved to; none: they are deleted.',
      allowedPattern: orPath('none'),
    },
  },
  deadlineSeconds: { least: 5, most: 600 },
} as const;

export const cleanUpHook: HookKind = {
  ...rules,
  scriptFile: 'guest.sh',
  furtherActions: ['purge'],
  plan(hook, _workload, instances) {
    if (hook.kind !== 'clean-up') throw invariantBroken(`The clean-up hook was given a ${hook.kind} hook.`);
    return planHook(rules, hook, () => cleanUpParameters(hook), instances);
  },
};
