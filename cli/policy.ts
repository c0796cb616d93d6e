/** The policy file, as far as commands need to know what there is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Policy, Workload } from '#domain/policy.ts';
import { type FileMistake, type ReadPolicy, readPolicy } from '#domain/policy-file.ts';
import { exitCodes } from './exit-codes.ts';
import { Problem, untouched } from './problem.ts';

/** @throws Problem with exit code 2 when the file cannot be read */
export function readPolicyFile(file: string): ReadPolicy {
  try {
    return readPolicy(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Problem({
      exitCode: exitCodes.usage,
      what: isMissing(error)
        ? `There is no policy ${resolve(file)}.`
        : `The policy ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      safe: untouched,
      next: 'Give its path with --policy.',
      cause: error,
    });
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** @throws Problem with exit code 2 when it cannot be read or has mistakes */
export function validPolicy(file: string): { readonly policy: Policy; readonly notes: readonly FileMistake[] } {
  const read = readPolicyFile(file);
  if ('policy' in read) return read;
  const count = read.mistakes.length === 1 ? 'a mistake' : `${read.mistakes.length} mistakes`;
  throw new Problem({
    exitCode: exitCodes.usage,
    what: `The policy ${file} has ${count}.`,
    safe: untouched,
    next: `npx holdfast validate ${file}`,
  });
}

/** One workload by name, or all. @throws Problem with exit code 2 when there is none of that name */
export function workloadsOf(policy: Policy, name: string | undefined, file: string): readonly Workload[] {
  if (name === undefined) return policy.workloads;
  const found = policy.workloads.filter((workload) => workload.name === name);
  if (found.length > 0) return found;
  throw new Problem({
    exitCode: exitCodes.usage,
    what: `${file} has no workload "${name}". It has: ${policy.workloads.map((workload) => workload.name).join(', ')}.`,
    safe: untouched,
  });
}

/** The workload as the file has it, where the file is only a help (an objective to compare with). */
export function knownWorkload(file: string, name: string): Workload | undefined {
  try {
    return validPolicy(file).policy.workloads.find((workload) => workload.name === name);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
