/** By what the command line tells whether a policy is the one that is deployed. Imported by deploy-time code and the command line only. */
import { createHash } from 'node:crypto';
import type { Policy } from './policy.ts';

/** A mark of each workload, and of each backup plan (`backup plan everything`), by name. */
export type PolicyMarks = ReadonlyMap<string, string>;

/**
 * Two policies have the same mark of a name when they say the same of it, defaults filled in: comments, the order of keys and what is
 * typed though it is the default make no difference, and neither does the program that has it as an object.
 */
export const marksOf = ({ workloads, plans = [] }: Policy): PolicyMarks =>
  new Map([
    ...workloads.map((workload) => [workload.name, markOf(workload)] as const),
    ...plans.map((plan) => [backupPlanSubject(plan.name), markOf(plan)] as const),
  ]);

const backupPlanSubject = (name: string): string => `backup plan ${name}`;

const markOf = (value: object): string =>
  createHash('sha256').update(JSON.stringify(value, inOrder)).digest('hex').slice(0, 8);

/** For `JSON.stringify`: keys by name. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Names of workloads and plans, as `PolicyMarks` has them. */
export interface PolicyDifference {
  /** Not deployed: nothing backs them up. */
  readonly undeployed: readonly string[];
  /** Deployed, and otherwise: runs and recoveries go by what is deployed. */
  readonly differing: readonly string[];
  /** Deployed alone: backed up, until a deployment takes them away. */
  readonly deployedOnly: readonly string[];
  /** Something is deployed, and no name of the policy: it is another policy's stack. */
  readonly sharesNothing: boolean;
}

export function differenceOf(policy: Policy, deployed: PolicyMarks): PolicyDifference {
  const marks = marksOf(policy);
  const named = [...marks.keys()];
  return {
    undeployed: named.filter((name) => !deployed.has(name)),
    differing: named.filter((name) => deployed.has(name) && deployed.get(name) !== marks.get(name)),
    deployedOnly: [...deployed.keys()].filter((name) => !marks.has(name)),
    sharesNothing: deployed.size > 0 && named.every((name) => !deployed.has(name)),
  };
}
