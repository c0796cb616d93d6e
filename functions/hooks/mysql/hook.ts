/** Holds a MySQL or MariaDB server on the guest still, by locks that one session keeps. */
import { invariantBroken } from '#domain/faults.ts';
import { orPath } from '../document.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';
import { volumesOf, volumesParameter } from '../volumes-parameter.ts';

const rules = {
  kind: 'mysql',
  parameters: {
    socket: { description: 'The server’s socket, or default.', allowedPattern: orPath('default') },
    patienceSeconds: {
      description: 'So long statements under way are waited for, and others wait behind the locks.',
      allowedPattern: '^[1-9][0-9]?$',
    },
    volumes: volumesParameter,
  },
  deadlineSeconds: { least: 5, most: 60 },
} as const;

export const mysqlHook: HookKind = {
  ...rules,
  plan(hook, _workload, instances) {
    if (hook.kind !== 'mysql') throw invariantBroken(`The mysql hook was given a ${hook.kind} hook.`);
    const own = { socket: hook.socket ?? 'default', patienceSeconds: String(hook.patienceSeconds) };
    return planHook(rules, hook, (instance) => ({ ...own, volumes: volumesOf(instance) }), instances);
  },
};
