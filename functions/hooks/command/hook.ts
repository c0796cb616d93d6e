/** Runs the owner's own scripts on the guest, for applications that know how to hold still (databases, queues, batch jobs). */
import { invariantBroken } from '#domain/faults.ts';
import { scriptPathPattern } from '../document.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';

const rules = {
  kind: 'command',
  parameters: {
    quiesceScript: {
      description:
        'Absolute path of the script that holds still; it and all folders above must be writable by root alone.',
      allowedPattern: scriptPathPattern,
    },
    releaseScript: {
      description: 'Absolute path of the script that lets go; it may run more than once.',
      allowedPattern: scriptPathPattern,
    },
  },
  deadlineSeconds: { least: 5, most: 28_800 },
} as const;

export const commandHook: HookKind = {
  ...rules,
  plan(hook, _workload, instances) {
    if (hook.kind !== 'command') throw invariantBroken(`The command hook was given a ${hook.kind} hook.`);
    const parameters = { quiesceScript: hook.quiesce, releaseScript: hook.release };
    return planHook(rules, hook, () => parameters, instances);
  },
};
