/** The policy that was deployed with this bundle: validated before it was written, so it is read as it stands. */
import { readFileSync } from 'node:fs';
import { invalidRequest } from '#domain/faults.ts';
import type { Policy, Workload } from '#domain/policy.ts';
import { lazy } from './lazy.ts';

export const deployedPolicy: () => Policy = lazy(() =>
  JSON.parse(readFileSync(new URL('./policy.json', import.meta.url), 'utf8')),
);

/** @throws InvalidRequest naming the workloads that do exist. */
export function deployedWorkload(name: string): Workload {
  const { workloads } = deployedPolicy();
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined) {
    const known = workloads.map((workload) => workload.name).join(', ');
    throw invalidRequest(`There is no workload "${name}" in the deployed policy. It has: ${known || 'none'}.`);
  }
  return found;
}

/**
 * What a run or a recovery of a workload is ended by: its policy, or, where it was removed from the policy (or renamed) while that was
 * under way, the defaults (docs/policy.md), so that it is sealed, or told, all the same.
 */
export const workloadOrRemoved = (name: string): Workload =>
  deployedPolicy().workloads.find((workload) => workload.name === name) ?? removedWorkload(name);

/** Who hears of a mail about these: of one that the policy has no more nobody is named, so everybody hears of it. */
export function toldOf(workloads: readonly string[]): readonly string[] {
  const names = deployedPolicy().workloads.map(({ name }) => name);
  return workloads.every((name) => names.includes(name)) ? workloads : [...new Set([...workloads, ...names])];
}

const removedWorkload = (name: string): Workload => ({
  name,
  description: 'removed from the policy',
  schedule: { expression: 'rate(1 day)', timeZone: 'UTC' },
  members: [],
  hooks: [],
  onQuiesceFailure: 'abort',
  retention: { days: 30, minimum: 7 },
  objectives: { rpoMinutes: 26 * 60, rtoMinutes: 60 },
  mail: { failures: [], reports: [] },
  recovery: { safetySnapshot: true, keepReplacedDays: 7 },
});
