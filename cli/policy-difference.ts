/** Whether the policy file is what is deployed: a workload that was never deployed looks right everywhere, and is never backed up. */
import { differenceOf, type PolicyDifference } from '#domain/policy-marks.ts';
import type { DeployedPolicy } from './connect.ts';
import { knowUndeployed } from './needed-policy.ts';
import { validPolicy } from './policy.ts';
import { Problem } from './problem.ts';
import type { Settings, Shell } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

/** Noted for what may be denied from now on. @returns for a command's document: empty where the two are the same, or where the stack is older than this look */
export function deployedDifference(
  { policy: file }: Settings,
  deployed: DeployedPolicy,
  /** Of this workload alone. */
  name?: string,
): { readonly policy?: PolicyDifference } {
  if (deployed === undefined) return {};
  const all = differenceOf(validPolicy(file).policy, deployed);
  const own = (names: readonly string[]) => names.filter((each) => each === name);
  const policy =
    name === undefined
      ? all
      : { ...all, undeployed: own(all.undeployed), differing: own(all.differing), deployedOnly: [] };
  const { undeployed, differing, deployedOnly } = policy;
  knowUndeployed([...undeployed, ...differing]);
  return [...undeployed, ...differing, ...deployedOnly].length === 0 ? {} : { policy };
}

/** What makes the two the same. */
function deployCommand({ policy, stack }: Settings): string {
  const file = policy === 'holdfast.yaml' ? '' : ` -c policy=${policy}`;
  return `npx cdk deploy${file}${stack === 'Holdfast' ? '' : ` -c stack=${stack}`}`;
}

const listed = (names: readonly string[]): string => names.join(', ');

const words = {
  undeployed: (names: readonly string[]) => `${listed(names)}: in this policy and not deployed; nothing backs it up.`,
  differing: (names: readonly string[]) =>
    `${listed(names)}: deployed otherwise than this policy says; runs and recoveries go by what is deployed.`,
  deployedOnly: (names: readonly string[]) =>
    `${listed(names)}: deployed and not in this policy; backed up until the policy is deployed without it.`,
};

export function showDifference(terminal: Terminal, settings: Settings, policy: PolicyDifference | undefined): void {
  if (policy === undefined) return;
  const { undeployed, differing, deployedOnly } = policy;
  const lines = [
    ...(undeployed.length === 0 ? [] : [`${terminal.paint('red', 'NOT DEPLOYED')}  ${words.undeployed(undeployed)}`]),
    ...(differing.length === 0 ? [] : [`${terminal.paint('yellow', 'differs')}  ${words.differing(differing)}`]),
    ...(deployedOnly.length === 0
      ? []
      : [`${terminal.paint('yellow', 'deployed alone')}  ${words.deployedOnly(deployedOnly)}`]),
  ];
  terminal.line();
  for (const each of lines) terminal.line(wrapped(each, '    '));
  // Deployed there, it would take away all that is.
  terminal.line(
    policy.sharesNothing
      ? `The stack ${settings.stack} is another policy's: give --stack, --policy or --region.`
      : `What makes them the same: ${deployCommand(settings)}`,
  );
}

/** Said before something is begun, which goes by what is deployed. The file is only a help: one that cannot be read is no reason to stop. */
export function remarkDifference({ terminal, settings }: Shell, deployed: DeployedPolicy, name: string): void {
  try {
    const differing = deployedDifference(settings, deployed, name).policy?.differing ?? [];
    if (differing.length > 0)
      terminal.remark(`${words.differing(differing)} What makes them the same: ${deployCommand(settings)}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Whether a workload stands in the file, and is not deployed. */
export const isUndeployed = (policy: PolicyDifference | undefined, name: string): boolean =>
  policy?.undeployed.includes(name) === true;
