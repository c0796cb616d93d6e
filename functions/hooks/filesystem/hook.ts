/** Freezes file systems on the guest: everything written is on disk and no writer gets on until the thaw (fsfreeze(8)). */
import { invariantBroken } from '#domain/faults.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';
import { volumesOf, volumesParameter } from '../volumes-parameter.ts';

const rules = {
  kind: 'filesystem',
  parameters: {
    mounts: {
      description: 'Mount points in the order of freezing, separated by commas, or auto.',
      allowedPattern: '^(auto|/[A-Za-z0-9._/-]+(,/[A-Za-z0-9._/-]+)*)$',
    },
    volumes: volumesParameter,
  },
  deadlineSeconds: { least: 5, most: 60 },
} as const;

export const filesystemHook: HookKind = {
  ...rules,
  plan(hook, _workload, instances) {
    if (hook.kind !== 'filesystem') throw invariantBroken(`The filesystem hook was given a ${hook.kind} hook.`);
    const mounts = hook.mounts === 'auto' ? 'auto' : hook.mounts.map(withoutTrailingSlash).join(',');
    return planHook(rules, hook, (instance) => ({ mounts, volumes: volumesOf(instance) }), instances);
  },
};

const withoutTrailingSlash = (mount: string): string => mount.replace(/(.)\/+$/, '$1');
