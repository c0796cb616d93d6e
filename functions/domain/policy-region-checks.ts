/**
 * One stack is of one Region, and a policy does not say which; but ARNs and zones in it do. Those that contradict each other are mistakes, as far as the
 * policy alone shows it: the doctor asks AWS for the rest. Imported by deploy-time code only.
 */
import type { CopyTo } from './policy.ts';
import type { Claim } from './policy-claims.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';

export interface CopyClaim {
  readonly workload: string;
  readonly region: CopyTo['region'];
}

/** What can only be of the Region that the stack is in. */
interface Told {
  readonly path: PolicyPath;
  /** As in "This key is". */
  readonly what: string;
  readonly region: string;
}

/**
 * @param claims all members of all workloads, in the order typed; the mistakes are at those that say another Region than the first
 * @param copies to other Regions, of all workloads
 */
export function checkRegions(claims: readonly Claim[], copies: readonly CopyClaim[]): Mistake[] {
  const told = claims.flatMap(regionsTold);
  const [first] = told;
  if (first === undefined) return [];
  const known = `by ${first.path.join('.')} it is ${first.region}`;
  return [
    ...told
      .filter(({ region }) => region !== first.region)
      .map(({ path, what, region }) => ({
        path,
        message: `${what} in ${region}. A policy is of one Region, and ${known}: what is elsewhere has a policy and a stack there.`,
      })),
    ...copies
      .filter(({ region }) => region === first.region)
      .map(({ workload }) => ({
        path: ['workloads', workload, 'copyTo', 'region'],
        message: `Copies go to another Region than the policy is of, and ${known}.`,
      })),
  ];
}

function regionsTold({ workload, index, member }: Claim): Told[] {
  if (!('resource' in member)) return [];
  const at = (path: PolicyPath, what: string, region: string | undefined): Told[] =>
    region === undefined ? [] : [{ path: ['workloads', workload, 'members', index, ...path], what, region }];
  const { resource, restore, copy } = member;
  return [
    ...at(['resource'], 'This resource is', regionOf(resource)),
    ...at(['restore', 'zone'], 'This zone is', restore?.zone?.replace(/[a-z]$/, '')),
    ...at(['copy', 'kmsKey'], 'This key is', copy && regionOf(copy.kmsKey)),
  ];
}

/** Undefined of what is no ARN, and of ARNs without a Region, as buckets have them. */
const regionOf = (arn: string): string | undefined => /^arn:[^:]*:[^:]*:([^:]+):/.exec(arn)?.[1];
