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
