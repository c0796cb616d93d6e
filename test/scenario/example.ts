import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { PolicyInput } from '#domain/policy-schema.ts';

type WorkloadInput = PolicyInput['workloads'][string];

/**
 * A workload of an example policy as its file has it, but for `changes`.
 * @throws Error when there is none of that name
 */
export function exampleWorkload(file: string, name: string, changes: Partial<WorkloadInput> = {}): WorkloadInput {
  const text = readFileSync(new URL(`../../examples/${file}.yaml`, import.meta.url), 'utf8');
  // The deployment refuses what is none.
  const { workloads }: PolicyInput = parse(text);
  const found = workloads[name];
  if (found === undefined) throw new Error(`examples/${file}.yaml has no workload ${name}.`);
  return { ...found, ...changes };
}
