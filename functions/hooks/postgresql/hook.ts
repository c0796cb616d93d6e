/** Holds a PostgreSQL server on the guest still: checkpoint, then its file systems frozen, or backup mode. */
import { invariantBroken } from '#domain/faults.ts';
import { orPath, portPattern } from '../document.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';
import { volumesOf, volumesParameter } from '../volumes-parameter.ts';

const rules = {
  kind: 'postgresql',
  parameters: {
    port: { description: 'Of the server.', allowedPattern: portPattern },
    socket: { description: 'Folder of its socket, or default.', allowedPattern: orPath('default') },
    mode: { description: 'How to hold it still.', allowedValues: ['auto', 'freeze', 'backup-mode'] },
    volumes: volumesParameter,
  },
  deadlineSeconds: { least: 5, most: 60 },
} as const;

export const postgresqlHook: HookKind = {
  ...rules,
  plan(hook, _workload, instances) {
    if (hook.kind !== 'postgresql') throw invariantBroken(`The postgresql hook was given a ${hook.kind} hook.`);
    const own = { port: String(hook.port), socket: hook.socket ?? 'default', mode: hook.mode };
    return planHook(rules, hook, (instance) => ({ ...own, volumes: volumesOf(instance) }), instances);
  },
};
