/** Keeps the daily snapshots that services make by themselves as the policy says. Nothing is held still for it. */
import { type AutomaticSnapshots, automaticWords, isAsWanted, wantedSnapshots } from '#domain/automatic-snapshots.ts';
import { automaticRefused } from '#domain/mail/automatic-refused.ts';
import type { ManagedMember, Workload } from '#domain/policy.ts';
import { aboutWorkload } from '#ledger/about-workload.ts';
import { oweFailureMail } from '#ledger/notices.ts';
import { asFault, isUnderWay } from '#platform/aws-errors.ts';
import { logger } from '#platform/logger.ts';
import { providerOf } from '#providers/index.ts';

/** Reads them of every member of these workloads that says `automatic`, and sets what differs; what fails is tried again the next time. */
export async function alignAutomatic(workloads: readonly Workload[]): Promise<void> {
  for (const workload of workloads) {
    for (const member of workload.members) if ('resource' in member) await align(workload, member);
  }
}

async function align(workload: Workload, member: ManagedMember): Promise<void> {
  const wanted = wantedSnapshots(member, workload.schedule, Date.now());
  if (wanted === undefined) return;
  try {
    await setIfDifferent(member, wanted);
  } catch (error) {
    const doing = `setting the automatic snapshots of ${member.kind} ${member.resource}`;
    const { name, message } = asFault(error, doing);
    logger.warn(`${workload.name}: ${message}`);
    // What passes by itself is not worth a mail: a snapshot is being made, the service is overloaded.
    if (name !== 'TransientFault' && !isUnderWay(error)) await tellRefused(workload, member, wanted, message);
  }
}

async function setIfDifferent(member: ManagedMember, wanted: AutomaticSnapshots): Promise<void> {
  const calls = providerOf(member.kind).automatic;
  const shown = await calls?.read(member.resource);
  // One that does not exist is told when its run is planned.
  if (shown === undefined || isAsWanted(shown, wanted)) return;
  await calls?.set(member.resource, wanted);
  logger.info(`Set: ${automaticWords(member, wanted)}`, { before: automaticWords(member, shown) });
}

/** Once for all that is wanted: it is tried twice a day, and the reason rarely goes away overnight. */
async function tellRefused(
  workload: Workload,
  member: ManagedMember,
  wanted: AutomaticSnapshots,
  problem: string,
): Promise<void> {
  const mail = automaticRefused({ ...(await aboutWorkload(workload)), member, wanted, problem });
  const what = `${member.kind}/${member.resource}/${wanted.retentionDays}/${wanted.window ?? 'off'}`;
  await oweFailureMail(workload.name, `automatic/${workload.name}/${what}`, mail);
}
