/** What a recovery could never run, for want of an instance, found in the policy alone. Imported by deploy-time code only. */
import { isOfInstances } from './member-kinds.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';

/** @param sections those of the workload that have the right shape */
export function checkRecovery(path: PolicyPath, { members, recovery }: Partial<WorkloadShape>): Mistake[] {
  if (members === undefined || members.some(({ kind }) => isOfInstances(kind))) return [];
  return [
    ...checkCleanUp([...path, 'recovery', 'cleanUp'], recovery),
    ...checkVerify([...path, 'recovery', 'verify'], recovery, members),
    ...checkFileSystems([...path, 'members'], members),
  ];
}

type Members = WorkloadShape['members'];
type RecoverySection = WorkloadShape['recovery'] | undefined;

/** Its folders are a guest's, and nobody knows what is mounted where on one that is no member. */
function checkCleanUp(path: PolicyPath, recovery: RecoverySection): Mistake[] {
  if ((recovery?.cleanUp ?? []).length === 0) return [];
  const message =
    'This would never be run: it takes files away on instances of ebs and ami members, and this workload has none. Leave it out; temporary files of a file system go by cleanUp of its efs member.';
  return [{ path, message }];
}

function checkVerify(path: PolicyPath, recovery: RecoverySection, members: Members): Mistake[] {
  if (recovery?.verify === undefined || members.some(hasPromoter)) return [];
  const message =
    'This script would never be run: the workload has no instance. Leave it out, and look yourself after a recovery; or name an instance with promoteOn of an efs member, which runs it.';
  return [{ path, message }];
}

const hasPromoter = (member: Members[number]): boolean => member.kind === 'efs' && member.promoteOn !== undefined;

function checkFileSystems(path: PolicyPath, members: Members): Mistake[] {
  const message =
    'No instance is known that could take these files away: name one that reaches the mount targets with promoteOn.';
  return members.flatMap((member, index) => {
    if (member.kind !== 'efs') return [];
    if (member.restoreInto === 'present')
      return idleInside(member).map((key) => ({ path: [...path, index, key], message: idle }));
    return member.cleanUp !== undefined && !hasPromoter(member) ? [{ path: [...path, index, 'cleanUp'], message }] : [];
  });
}

/** AWS Backup's own folder is not moved, so nobody is led to it, and nothing is deleted in it. */
const idleInside = (member: Members[number]): readonly string[] =>
  Object.keys(member).filter((key) => ['parameter', 'promoteOn', 'cleanUp'].includes(key));

const idle =
  'With restoreInto: present files are put beside those of now and stay there: nothing is moved, deleted or handed over. Leave one of the two out.';
