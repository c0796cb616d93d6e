/** What windows-vss cannot do, found in the policy alone. Imported by deploy-time code only. */
import { takesArtifacts } from './hook-proof.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';

/** @param sections those of the workload that have the right shape; no mistakes without the hook */
export function checkWindowsVss(path: PolicyPath, sections: Partial<WorkloadShape>): Mistake[] {
  const hooks = sections.quiesce?.hooks ?? [];
  if (!hooks.some(({ kind }) => takesArtifacts(kind))) return [];
  return [
    ...checkAlone([...path, 'quiesce', 'hooks'], hooks.length),
    ...checkMembers([...path, 'members'], sections.members ?? []),
    ...checkRecovery([...path, 'recovery'], sections.recovery),
  ];
}

function checkAlone(path: PolicyPath, count: number): Mistake[] {
  const message =
    'windows-vss holds still and takes the snapshots in one go, on Windows: it must be the only hook of its workload.';
  return count === 1 ? [] : [{ path, message }];
}

/** The document knows two choices. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-vss-snapshots-ssm.html */
function checkMembers(path: PolicyPath, members: WorkloadShape['members']): Mistake[] {
  const chosen = 'windows-vss takes all volumes of an instance, or all but the root: give all or data.';
  const tiered = 'windows-vss takes all instances at the same time: give all members of the workload one tier.';
  const others = 'windows-vss holds instances only: make members of other kinds a workload of their own.';
  return members.flatMap((member, index) => {
    if (member.kind !== 'ebs') return [{ path: [...path, index, 'kind'], message: others }];
    return [
      ...(typeof member.volumes === 'string' ? [] : [{ path: [...path, index, 'volumes'], message: chosen }]),
      ...(member.tier === members[0]?.tier ? [] : [{ path: [...path, index, 'tier'], message: tiered }]),
    ];
  });
}

function checkRecovery(path: PolicyPath, recovery: WorkloadShape['recovery'] | undefined): Mistake[] {
  const { verify, cleanUp = [] } = recovery ?? {};
  const forLinux = [...(verify === undefined ? [] : ['verify']), ...(cleanUp.length === 0 ? [] : ['cleanUp'])];
  return forLinux.map((key) => ({
    path: [...path, key],
    message: `recovery.${key} runs a script on Linux guests, and windows-vss is for Windows: leave it out.`,
  }));
}
