/** By what the command line tells whether a policy is the one that is deployed. Imported by deploy-time code and the command line only. */
import { createHash } from 'node:crypto';
import type { Policy } from './policy.ts';

/** A mark of each workload, of each backup plan (`backup plan everything`), and of `former kinds` where there are any, by name. */
export type PolicyMarks = ReadonlyMap<string, string>;

/**
 * Two policies have the same mark of a name when they say the same of it, defaults filled in: comments, the order of keys and what is
 * typed though it is the default make no difference, and neither does the program that has it as an object.
 */
export const marksOf = ({ workloads, plans = [], formerKinds = [] }: Policy): PolicyMarks =>
  new Map([
    ...workloads.map((workload) => [workload.name, markOf(workload)] as const),
    ...plans.map((plan) => [backupPlanSubject(plan.name), markOf(plan)] as const),
    ...(formerKinds.length === 0 ? [] : [[formerKindsSubject, markOf(formerKinds.toSorted())] as const]),
  ]);

// No workload has a blank in its name.
const backupPlanSubject = (name: string): string => `backup plan ${name}`;
const formerKindsSubject = 'former kinds';

const markOf = (value: object): string =>
  createHash('sha256').update(JSON.stringify(value, inOrder)).digest('hex').slice(0, 8);

/** For `JSON.stringify`: keys by name. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Names as `PolicyMarks` has them; former kinds, which nothing backs up, only differ. */
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
  const named = namesOf(marks);
  const changed = [...named, formerKindsSubject].filter((name) => marks.get(name) !== deployed.get(name));
  const undeployed = named.filter((name) => !deployed.has(name));
  return {
    undeployed,
    differing: changed.filter((name) => !undeployed.includes(name)),
    deployedOnly: namesOf(deployed).filter((name) => !marks.has(name)),
    sharesNothing: deployed.size > 0 && undeployed.length === named.length,
  };
}

/** Of what is backed up. */
const namesOf = (marks: PolicyMarks): readonly string[] =>
  [...marks.keys()].filter((name) => name !== formerKindsSubject);
