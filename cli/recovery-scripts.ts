/** What a recovery would run on guests, for the doctor to ask them. */
import { cleanUpParameters } from '#domain/clean-up.ts';
import { isOfInstances } from '#domain/member-kinds.ts';
import type { Workload } from '#domain/policy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { asFault } from '#platform/aws-errors.ts';
import { promoterOf } from '#providers/efs/promoter.ts';
import { areEfsSettings } from '#providers/efs/settings.ts';
import type { Examination } from './doctor.ts';
import type { Examined } from './examine-guest.ts';

export interface RecoveryScripts {
  readonly scripts: readonly Examined[];
  /** Of file systems whose restored files nobody could move. */
  readonly examinations: readonly Examination[];
}

const deadlineSeconds = 30;

/** On members' own guests; and on those that move restored files of EFS, which where there are no others are asked for the application, too. */
export async function recoveryScripts(workload: Workload, members: readonly PlannedMember[]): Promise<RecoveryScripts> {
  const { cleanUp = [], verify } = workload.recovery;
  const own = [...new Set(members.flatMap(({ kind, resource }) => (isOfInstances(kind) ? [resource] : [])))];
  const systems = await Promise.all(
    members.filter(({ kind }) => kind === 'efs').map((each) => promoted(each, workload)),
  );
  const promoting = systems.flatMap(({ script }) => script ?? []);
  const asked = own.length > 0 ? own : [...new Set(promoting.map(({ instanceId }) => instanceId))];
  return {
    scripts: [
      ...own.flatMap((instanceId) =>
        cleanUp.map((each) => script(instanceId, 'clean-up', 'recovery.cleanUp', cleanUpParameters(each))),
      ),
      ...(verify === undefined ? [] : asked.map((id) => script(id, 'verify', 'recovery.verify', { path: verify }))),
      ...promoting,
    ],
    examinations: systems.flatMap(({ examination }) => examination ?? []),
  };
}

const script = (instanceId: string, kind: string, setting: string, parameters: Examined['parameters']): Examined => ({
  ...{ instanceId, kind, setting, parameters, deadlineSeconds },
});

/** Nothing of either: no instance is named or known, and the policy's notes say so. */
interface Promoted {
  readonly script?: Examined;
  readonly examination?: Examination;
}

/** Its files of now are mounted by the address that they have now: a new file system has mount targets in the same subnets. */
async function promoted({ resource, detail }: PlannedMember, workload: Workload): Promise<Promoted> {
  const isMoved = workload.members.some(
    (member) => member.kind === 'efs' && member.resource === resource && member.restoreInto === undefined,
  );
  const targets = isMoved && areEfsSettings(detail) ? detail.mountTargets : [];
  const server = targets.find(({ state }) => state === 'available')?.ipAddress;
  if (server === undefined) return {};
  const subject = `promotion of efs ${resource}`;
  try {
    const instanceId = await promoterOf(resource, workload);
    if (instanceId === undefined) return {};
    return { script: script(instanceId, 'promote', subject, { server, roots: '/', files: 'none', folders: 'none' }) };
  } catch (error) {
    const { name, message } = asFault(error, `looking for the instance that would move the files of ${resource}`);
    if (name !== 'InvalidRequest') throw error;
    return { examination: { subject, findings: [{ problem: message }] } };
  }
}
