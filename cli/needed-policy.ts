/** Which of the stack's managed policies lets a person do what was typed: for when AWS denies it. */

/** The stack's output with its ARN. */
export type PeoplePolicy = 'HoldfastReaders' | 'HoldfastOperators';

/** Of the command that this process runs. */
let needed: { readonly policy: PeoplePolicy; readonly stack: string } | undefined;
let arns: Readonly<Record<PeoplePolicy, string>> | undefined;

/** For every denial from now on. */
export function needPolicy(policy: PeoplePolicy, stack: string): void {
  needed = { policy, stack };
}

/** Once the stack has told them. @param told empty where an older stack has none */
export function knowPolicies(told: Readonly<Record<PeoplePolicy, string>>): void {
  arns = told;
}

/** What the policy file has, and the stack otherwise or not at all. */
let undeployed: readonly string[] = [];

/** For every denial from now on: what is asked may be about them. @param names of workloads */
export function knowUndeployed(names: readonly string[]): void {
  undeployed = names;
}

/** AWS says which policies denied it: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const others = /(service control|resource control|VPC endpoint|session) polic(?:y|ies)|permissions boundar(?:y|ies)/i;

/** What to do about a denial: a sentence. @param words AWS's own */
export function policyRemedy(words: string): string {
  const [other] = others.exec(words) ?? [];
  if (other !== undefined)
    return `No policy of the stack's can allow what a ${other.toLowerCase().replace('vpc', 'VPC')} does not: whoever keeps that must (docs/deploying.md).`;
  if (needed === undefined) return 'docs/cli.md lists what people must be allowed.';
  const { policy, stack } = needed;
  const where = arns?.[policy] || `its ARN is an output of the stack ${stack}`;
  const beside = policy === 'HoldfastOperators' ? ' beside HoldfastReaders' : '';
  const limit =
    undeployed.length === 0
      ? ''
      : ` It covers what is deployed, and of this policy that is not all (${undeployed.join(', ')}): deploy it, or ask as somebody who may look at everything.`;
  return `Have the managed policy ${policy} attached to your role${beside} (${where}): docs/cli.md.${limit}`;
}
