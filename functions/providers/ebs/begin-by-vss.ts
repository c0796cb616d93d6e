/**
 * The snapshots of a Windows guest, taken by the guest itself through AWS's own document: VSS holds, the instance's role calls
 * CreateSnapshots, VSS lets go. SendCommand takes no client token, so what an earlier try may have sent or made is looked for first.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-vss-snapshots-ssm.html
 */
import type { Snapshot } from '@aws-sdk/client-ec2';
import { quiesceFault } from '#domain/faults.ts';
import type { Hold, PlannedHook, PlannedMember } from '#domain/run.ts';
import { answer, type CommandTrouble, send } from '#hooks/guest.ts';
import { asFault, faultWhile, isAmbiguous } from '#platform/aws-errors.ts';
import { ssm, ssmOnce } from '#platform/clients/ssm.ts';
import type { Attempt, Begun, RunTags } from '../provider.ts';
import { ebsPlan } from './ebs-plan.ts';
import type { EbsPlan } from './plan.ts';
import { tagsOf } from './selection.ts';
import { artifactsOf, patiently, shownSet } from './snapshot-set.ts';
import { vssParameters } from './vss-parameters.ts';

/** Owned by AWS, in every Region. */
const documentName = 'AWSEC2-CreateVssSnapshot';

interface Task {
  readonly hook: PlannedHook;
  readonly member: PlannedMember;
  readonly plan: EbsPlan;
  readonly run: RunTags;
  /** What is not done by then has failed. */
  readonly endsAtMs: number;
}

export async function beginByVss(
  hook: PlannedHook,
  member: PlannedMember,
  run: RunTags,
  { again, windowEndsAtMs }: Attempt,
): Promise<Begun> {
  const endsAtMs = Math.min(Date.now() + hook.deadlineSeconds * 1000, windowEndsAtMs);
  const task = { hook, member, plan: ebsPlan(member), run, endsAtMs };
  const commandId = (again ? await earlierCommand(task) : undefined) ?? (await sendOnce(task));
  const outcome = await answer({ commandId, instanceId: hook.instanceId, endsAtMs, pace: 'patient' }, ssm());
  if (outcome.kind !== 'succeeded') throw failed(hook, outcome);
  return await taken(task, commandId);
}

/** What an earlier try has sent. @throws QuiesceFault when there are its snapshots, and no command that could answer for them */
async function earlierCommand(task: Task): Promise<string | undefined> {
  const commandId = await patiently(() => sentCommand(task));
  if (commandId !== undefined || (await shownSet(task.plan, task.member, task.run)) === undefined) return commandId;
  throw quiesceFault(
    `Snapshots of ${task.hook.instanceId} carry the tags of ${task.run.runId}, and Systems Manager knows no command that took them.`,
  );
}

async function sendOnce(task: Task): Promise<string> {
  const { hook, plan, member, run } = task;
  const { instanceId } = hook;
  const timeoutSeconds = secondsLeft(task);
  const parameters = { ...hook.parameters, ...vssParameters(plan, member, run, timeoutSeconds) };
  const command = { documentName, instanceId, parameters, timeoutSeconds, comment: commentOf(task) };
  try {
    const sent = await send(command, ssmOnce());
    if (typeof sent === 'string') return sent;
    throw failed(hook, sent);
  } catch (error) {
    const found = isAmbiguous(error) ? await patiently(() => sentCommand(task)) : undefined;
    if (found !== undefined) return found;
    throw asFault(error, `sending ${documentName} to ${instanceId}`);
  }
}

/** @throws QuiesceFault when there are none */
function secondsLeft({ hook, run, endsAtMs }: Task): number {
  const seconds = Math.ceil((endsAtMs - Date.now()) / 1000);
  if (seconds > 0) return seconds;
  throw quiesceFault(
    `The window of ${run.runId} was over before ${documentName} could be sent to ${hook.instanceId}: nothing was held still.`,
  );
}

/** At most 100 characters: a run's id has no more than 49. */
const commentOf = ({ run, member }: Task): string => `Holdfast ${run.runId} tier ${member.tier}`;

/** The id of the command that this run has sent to the instance, as SSM shows it now. */
async function sentCommand(task: Task): Promise<string | undefined> {
  const Filters = [
    { key: 'DocumentName' as const, value: documentName },
    { key: 'InvokedAfter' as const, value: `${task.run.scheduledAt.slice(0, 19)}Z` },
  ];
  const { CommandInvocations } = await ssm()
    .listCommandInvocations({ InstanceId: task.hook.instanceId, Filters, MaxResults: 50 })
    .catch(faultWhile(`looking for the commands of ${task.hook.instanceId}`));
  return CommandInvocations.find(({ Comment }) => Comment === commentOf(task))?.CommandId;
}

/** The document has succeeded: its snapshots, and whether each says that the applications were held still for it. */
async function taken({ hook, member, plan, run }: Task, commandId: string): Promise<Begun> {
  let shown: readonly Snapshot[] | undefined;
  const consistent = await patiently(async () => {
    shown = await shownSet(plan, member, run);
    return shown?.every(isAppConsistent) ? shown : undefined;
  });
  if (shown === undefined) {
    throw quiesceFault(
      `${documentName} on ${hook.instanceId} succeeded (command ${commandId}), and its snapshots of ${run.runId} cannot be found.`,
    );
  }
  return { artifacts: artifactsOf(shown, plan, member), hold: holdOf(hook, commandId, consistent !== undefined) };
}

const isAppConsistent = (snapshot: Snapshot): boolean => tagsOf(snapshot).AppConsistent?.toLowerCase() === 'true';

function holdOf(hook: PlannedHook, commandId: string, isConsistent: boolean): Hold {
  const now = new Date(Date.now()).toISOString();
  const free = { hook, state: 'free', releasedBy: 'itself', freeAt: now } as const;
  return isConsistent
    ? { ...free, confirmedAt: now, note: `command ${commandId} succeeded; each snapshot has AppConsistent=True.` }
    : {
        ...free,
        quiesceProblem: `Command ${commandId} succeeded, and not every snapshot has the tag AppConsistent=True.`,
      };
}

function failed({ instanceId, kind }: PlannedHook, trouble: CommandTrouble): Error {
  const why =
    trouble.kind === 'failed' ? `It ended with ${trouble.exitCode}: ${trouble.stderr.slice(0, 1000)}` : trouble.problem;
  return quiesceFault(
    `The ${kind} hook on ${instanceId} did not take its snapshots by ${documentName}. ${why} The guest needs AwsVssComponents, and the instance's role AWSEC2VssSnapshotPolicy.`,
  );
}
