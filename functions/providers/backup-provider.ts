/**
 * The provider of a kind that AWS Backup copies: one job a member, named by its token, so that the same run asks for it once however
 * often it tries.
 */
import { type BackupJob, DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';
import type { Artifact } from '#domain/artifact.ts';
import type { ManagedKind } from '#domain/member-kinds.ts';
import type { ManagedMember } from '#domain/policy.ts';
import type { PlannedMember, Run } from '#domain/run.ts';
import { tagKeys } from '#domain/tags.ts';
import type { Expected } from '#domain/window-forecast.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { backup } from '#platform/clients/backup.ts';
import { environment } from '#platform/environment.ts';
import { isUnderWay, jobOf, jobsOf, seen, startJob, stopJob, textOf } from './backup-jobs.ts';
import { endPoint, pointSeen, taggedPoints, tagPoint } from './backup-points.ts';
import { lookAtMany } from './look-at-many.ts';
import { artifactOf, namedSnapshots, type Snapshot, type Source } from './named-snapshots.ts';
import type { Planned, Provider } from './provider.ts';

export interface BackedUpKind {
  readonly kind: ManagedKind;
  /** Undefined: there is no such resource. The settings' `resourceArn` is what AWS Backup is asked for. */
  look(member: ManagedMember): Promise<Source | undefined>;
  /** Resource types of AWS Backup, one of which it is. */
  typesOf(resourceArn: string): readonly string[];
  canBeStopped(resourceArn: string): boolean;
  /** Ms that a first copy takes at the very least, where that is known. */
  leastMs?(settings: Source['settings']): number;
  /** As the policy names what has this ARN; undefined: it is not of this kind. */
  nameOf(resourceArn: string): string | undefined;
}

export function backupProvider(of: BackedUpKind): Provider {
  const { kind, look, canBeStopped } = of;
  const provider = namedSnapshots({
    ...{ kind, look, mostNameCharacters: 64, isUnnamed: true },
    create: startJob,
    // A job has no name: asked for again with its token, it answers for itself.
    named: async () => undefined,
    describe: (artifacts) => lookAtMany(artifacts, { one: seenNow }),
    tag: tagPoint,
    remove: async (artifact) => void (await endPoint(artifact)),
    tagged: async () =>
      (await taggedPoints()).flatMap(({ resourceArn, ...snapshot }) => {
        const source = of.nameOf(resourceArn);
        return source === undefined ? [] : [{ ...snapshot, tags: { ...snapshot.tags, [tagKeys.source]: source } }];
      }),
  });
  return {
    ...provider,
    plan: async (members, workload, others) => {
      const planned = await provider.plan(members, workload, others);
      return examined(of, planned).catch(faultWhile(`asking AWS Backup about the ${kind} of ${workload.name}`));
    },
    // A job that has not come to a good end may have no point: a tag on it would be refused.
    label: (artifacts, labels) =>
      provider.label(
        artifacts.filter(({ state }) => state === 'completed'),
        labels,
      ),
    left: (run) => left(kind, run).catch(faultWhile(`finding the backup jobs of ${run.id}`)),
    stop: async ({ id, detail }) => {
      if (canBeStopped(textOf(detail.resourceArn)))
        await stopJob(id).catch(faultWhile(`stopping the backup job ${id}`));
    },
    discard: (artifact) => endPoint(artifact).catch(faultWhile(`deleting the recovery point of ${artifact.id}`)),
  };
}

async function seenNow(artifact: Artifact): Promise<Snapshot | undefined> {
  if (artifact.state === 'completed') return pointSeen(artifact);
  const job = await jobOf(artifact.id);
  return job && seen(job);
}

/** What AWS Backup itself would have against it. */
async function examined(of: BackedUpKind, planned: Planned): Promise<Planned> {
  const known = planned.members.filter(({ detail }) => detail.resourceArn !== undefined);
  if (known.length === 0) return planned;
  const { ResourceTypeOptInPreference: optedIn = {} } = await backup().send(new DescribeRegionSettingsCommand({}));
  const histories = await Promise.all(known.map(({ detail }) => jobsOf(textOf(detail.resourceArn))));
  const each = known.map((member, index) => ({ member, jobs: histories[index] ?? [] }));
  const busy = planned.busy ?? each.flatMap(({ member, jobs }) => busyWith(member, jobs) ?? [])[0];
  return {
    ...planned,
    ...(busy === undefined ? {} : { busy }),
    refusals: [...planned.refusals, ...known.flatMap((member) => switchedOff(of, member, optedIn) ?? [])],
    expected: each.flatMap(({ member, jobs }) => expectedOf(of, member, jobs) ?? []),
  };
}

/** The later of two jobs of a resource waits for the earlier one, and expires. */
function busyWith({ kind, resource }: PlannedMember, jobs: readonly BackupJob[]): string | undefined {
  const job = jobs.find(isUnderWay);
  return (
    job && `${kind} ${resource}: the backup job ${job.BackupJobId} is ${job.State}, and AWS Backup does one at a time.`
  );
}

function switchedOff(
  { typesOf }: BackedUpKind,
  { kind, resource, detail }: PlannedMember,
  optedIn: Readonly<Record<string, boolean>>,
): string | undefined {
  const types = typesOf(textOf(detail.resourceArn));
  if (types.some((type) => optedIn[type] !== false)) return undefined;
  return `${kind} ${resource}: AWS Backup is told to leave ${types.join(' and ')} alone in this Region. Change that: aws backup update-region-settings --resource-type-opt-in-preference '${JSON.stringify({ ...optedIn, [types[0] ?? '']: true })}'`;
}

/** By the last job that went well, in this vault, where the next is incremental to it; of the first by what the service can at its best. */
function expectedOf(
  { leastMs }: BackedUpKind,
  { kind, resource, tier, detail }: PlannedMember,
  jobs: readonly BackupJob[],
): Expected | undefined {
  const member = { kind, resource, tier };
  const last = lastMs(jobs);
  if (last !== undefined) return { ...member, ms: last, because: 'its last backup took' };
  const least = leastMs?.(detail);
  return least === undefined ? undefined : { ...member, ms: least, because: 'a first backup of it takes at least' };
}

function lastMs(jobs: readonly BackupJob[]): number | undefined {
  const done = jobs
    .filter(({ State, BackupVaultName }) => State === 'COMPLETED' && BackupVaultName === environment.vault())
    .flatMap(({ CreationDate, CompletionDate }) =>
      CreationDate && CompletionDate ? [{ fromMs: CreationDate.getTime(), toMs: CompletionDate.getTime() }] : [],
    )
    .toSorted((one, other) => other.fromMs - one.fromMs);
  return done[0] && done[0].toMs - done[0].fromMs;
}

/**
 * Jobs that this vault got of a run's members while it was open: the vault is the stack's, and a member belongs to one workload, whose
 * runs follow one another, so no other run can have asked for them.
 */
async function left(kind: ManagedKind, { plan, window, endedAt }: Run): Promise<readonly Artifact[]> {
  const { beganAt } = window ?? {};
  const members = (plan?.members ?? []).filter((member) => member.kind === kind);
  if (beganAt === undefined) return [];
  const found = await Promise.all(
    members.map(async (member) => {
      const jobs = await jobsOf(textOf(member.detail.resourceArn));
      const own = jobs.filter(({ BackupVaultName }) => BackupVaultName === environment.vault());
      return own.map((job) => artifactOf(seen(job), member));
    }),
  );
  const untilAt = endedAt ?? new Date().toISOString();
  return found.flat().filter(({ startedAt }) => startedAt >= beganAt && startedAt <= untilAt);
}
