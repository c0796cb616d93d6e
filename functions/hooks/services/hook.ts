/** A cold window: stops systemd units on the guest, and later starts again exactly those that had been running. */
import { invariantBroken } from '#domain/faults.ts';
import type { HookKind } from '../hook.ts';
import { planHook } from '../plan-hook.ts';

const unit = String.raw`[A-Za-z0-9][A-Za-z0-9@:._-]*\.(service|socket|timer|path)`;

const rules = {
  kind: 'services',
  parameters: {
    units: {
      description: 'systemd units in the order of stopping, separated by commas.',
      allowedPattern: `^${unit}(,${unit})*$`,
    },
  },
  deadlineSeconds: { least: 5, most: 28_800 },
} as const;

export const servicesHook: HookKind = {
  ...rules,
  plan(hook, _workload, instances) {
    if (hook.kind !== 'services') throw invariantBroken(`The services hook was given a ${hook.kind} hook.`);
    return planHook(rules, hook, () => ({ units: hook.units.join(',') }), instances);
  },
};
