/** Takes temporary files away on the guest before the snapshot, and refuses when some are left. It holds nothing still. */
import { cleanUpParameters } from '#domain/clean-up.ts';
import { invariantBroken } from '#domain/faults.ts';
import { orPath, temporaryParameters } from '../document.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';

const rules = {
  kind: 'clean-up',
  parameters: {
    ...temporaryParameters,
    moveTo: {
      description: 'Folder that they are moved to; none: they are deleted.',
      allowedPattern: orPath('none'),
    },
  },
  deadlineSeconds: { least: 5, most: 600 },
} as const;

export const cleanUpHook: HookKind = {
  ...rules,
  furtherActions: ['purge'],
  plan(hook, _workload, instances) {
    if (hook.kind !== 'clean-up') throw invariantBroken(`The clean-up hook was given a ${hook.kind} hook.`);
    return planHook(rules, hook, () => cleanUpParameters(hook), instances);
  },
};
