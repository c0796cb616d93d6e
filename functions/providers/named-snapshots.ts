/**
 * The provider of a service that keeps its snapshots by name: one snapshot a member, named after the run, so that whatever an earlier
 * try has left is found by its name, and no second one can be made.
 */
import { createHash } from 'node:crypto';
import type { Artifact } from '#domain/artifact.ts';
import type { AutomaticSnapshots } from '#domain/automatic-snapshots.ts';
import type { Cut } from '#domain/cut.ts';
import { type Fault, transientFault } from '#domain/faults.ts';
import type { ManagedKind, MemberKind } from '#domain/member-kinds.ts';
import type { ManagedMember } from '#domain/policy.ts';
import type { PlannedMember } from '#domain/run.ts';
import { cutTagKeys, tagKeys } from '#domain/tags.ts';
import type { Consistency } from '#domain/verdict.ts';
import { asFault, codeOf, faultWhile, isAmbiguous, isUnderWay } from '#platform/aws-errors.ts';
import { environment } from '#platform/environment.ts';
import type { Maintenance } from './maintenance.ts';
import { planSnapshots } from './plan-snapshots.ts';
import type { AutomaticCalls, Provider, RunTags } from './provider.ts';
import type { Room } from './snapshot-room.ts';
import type { Tags } from './tag-list.ts';

/** A resource as its service shows it now. */
export interface Source {
  /** All that a snapshot of it does not bring back; JSON. Kept with every artifact, for its recovery. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** One sentence each: why no snapshot of it can be taken, and what to do. */
  readonly refusals: readonly string[];
  /** Why none can be taken at this moment; worth another try before anything is held still. */
  readonly busy?: string;
  /** Of one snapshot of it by itself, where that is not the service's: parts of it are of different moments. */
  readonly consistency?: Consistency;
  /** One sentence each: what its owner should know, and what keeps no snapshot from being taken. */
  readonly notes?: readonly string[];
  /** What its service does by itself. */
  readonly automatic?: AutomaticSnapshots;
  readonly maintenance?: Maintenance;
}

/** A snapshot as its service shows it now. */
export interface Snapshot {
  /** By which the service finds it again. */
  readonly id: string;
  /** That Holdfast gave it; absent: its id. */
  readonly name?: string;
  readonly state: Artifact['state'];
  readonly progress?: string;
  readonly problem?: string;
  /** ISO; absent while the service has not said when it began. */
  readonly startedAt?: string;
  /** As exactly as the service tells; `upper` once it is fixed. */
  readonly cut: Cut;
  /** Where its listing shows them. */
  readonly tags?: Tags;
  /** ARN of the snapshot in another Region that it is a copy of. */
  readonly copiedFrom?: string;
  /** What was learnt of it beside the source's settings. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What a service must be able to do with snapshots, each in its own words; errors are thrown as they come. */
export interface NamedService {
  readonly kind: MemberKind;
  /** Characters of a snapshot's name. */
  readonly mostNameCharacters: number;
  /** Its snapshots have no names, and lie where only this stack puts any. */
  readonly isUnnamed?: true;
  /** Begins one. Called again after a reply was lost it either fails because of the name or answers for the first. */
  create(name: string, member: PlannedMember, tags: Tags): Promise<Snapshot>;
  /** Asked when the service has refused to begin one because of the resource's state: whether that passes by itself, or has passed. Absent: it is asked once. */
  isPassing?(member: PlannedMember): Promise<boolean>;
  /** The snapshot of that name, whoever made it. */
  named(name: string, member: PlannedMember): Promise<Snapshot | undefined>;
  /** Those that exist; `artifacts` are of this kind. */
  describe(artifacts: readonly Artifact[]): Promise<readonly Snapshot[]>;
  tag(artifact: Artifact, tags: Tags): Promise<void>;
  /** Deletes one; fine when it is gone. */
  remove(artifact: Artifact): Promise<void>;
  /** At least all that carry the tag of the workload, with their tags. */
  tagged(workload: string): Promise<readonly Snapshot[]>;
}

/** And with the resources that they are of. */
export interface SnapshotService extends NamedService {
  readonly kind: ManagedKind;
  /** Of one snapshot by itself; absent: no better than a crash. */
  readonly consistency?: Consistency;
  readonly automatic?: AutomaticCalls;
  /** Undefined: there is no resource of that name. */
  look(member: ManagedMember): Promise<Source | undefined>;
  /** For snapshots of this kind. Absent: its service sets no bounds to their number, or tells none. */
  room?(): Promise<Room | undefined>;
}

export const namedSnapshots = (service: SnapshotService): Provider => ({
  ...namedArtifacts(service),
  ...(service.automatic === undefined ? {} : { automatic: service.automatic }),
  plan: (members, workload, others) => planSnapshots(service, members, workload, others),
});

/** All of a provider but how it finds out what there is to take. */
export function namedArtifacts(service: NamedService): Omit<Provider, 'plan'> {
  const { kind } = service;
  return {
    kind,
    begin: (member, run, again) => begin(service, member, run, again),
    progress: (artifacts) => progress(service, artifacts),
    left: async ({ id, plan: planned }) => {
      const members = (planned?.members ?? []).filter((member) => member.kind === kind);
      const found = await Promise.all(members.map((member) => lookUp(service, member, id)));
      return found.flatMap((artifact) => artifact ?? []);
    },
    label: async (artifacts, { verdict, expiresAt }) => {
      for (const artifact of artifacts) {
        const tags = { [tagKeys.verdict]: verdict, [tagKeys.expires]: expiresAt, ...cutTags(artifact) };
        await service.tag(artifact, tags).catch(faultWhile(`labelling ${artifact.id}`));
      }
    },
    discard: (artifact) => discard(service, artifact),
    tagged: async (workload) => {
      const snapshots = await service
        .tagged(workload)
        .catch(faultWhile(`finding the ${kind} snapshots of ${workload}`));
      return snapshots.flatMap((snapshot) => {
        const { tags = {} } = snapshot;
        const { [tagKeys.source]: source, [tagKeys.run]: run = '' } = tags;
        const isOurs = tags[tagKeys.stack] === environment.stack() && tags[tagKeys.workload] === workload;
        if (!isOurs || source === undefined || !isNamedAfter(service, snapshot, run, source)) return [];
        const member = { kind, resource: source, tier: Number(tags[tagKeys.tier] ?? 1), artifacts: 1, detail: {} };
        return [{ artifact: artifactOf({ ...snapshot, cut: cutFrom(tags) ?? snapshot.cut }, member), tags }];
      });
    },
  };
}

async function begin(
  service: NamedService,
  member: PlannedMember,
  run: RunTags,
  again: boolean,
): Promise<readonly Artifact[]> {
  const earlier = again ? await lookUp(service, member, run.runId) : undefined;
  if (earlier !== undefined) return [earlier];
  try {
    const name = snapshotName(service, run.runId, member.resource);
    return [artifactOf(await service.create(name, member, tagsFor(member, run)), member)];
  } catch (error) {
    const mayExist = isAmbiguous(error) || /AlreadyExists|Duplicate/.test(codeOf(error));
    const found = mayExist ? await lookUp(service, member, run.runId) : undefined;
    if (found !== undefined) return [found];
    throw await refusalOf(service, member, error);
  }
}

/** The resource was ready when the run was planned: since then its service may have begun a backup of its own, or somebody to change it. */
async function refusalOf(service: NamedService, member: PlannedMember, error: unknown): Promise<Fault> {
  const fault = asFault(error, `starting the snapshot of ${service.kind} ${member.resource}`);
  // Where that cannot be asked, the refusal counts.
  const isPassing = isUnderWay(error) && (await service.isPassing?.(member).catch(() => false));
  return isPassing ? transientFault(fault.message, error) : fault;
}

/** What an earlier try made. The name is of the stack, the run and the resource, so whoever has it is ours. */
async function lookUp(service: NamedService, member: PlannedMember, runId: string): Promise<Artifact | undefined> {
  const name = snapshotName(service, runId, member.resource);
  const found = await service.named(name, member).catch(faultWhile(`looking for ${service.kind} ${name}`));
  return found && artifactOf(found, member);
}

async function progress(service: NamedService, artifacts: readonly Artifact[]): Promise<readonly Artifact[]> {
  const seen = await service.describe(artifacts).catch(faultWhile(`asking for ${service.kind} snapshots`));
  return artifacts.map((artifact) => {
    const snapshot = seen.find(({ id }) => id === artifact.id);
    if (snapshot === undefined) {
      return { ...artifact, state: 'gone', problem: `${artifact.id} does not exist any more` };
    }
    const { state, progress, problem, startedAt = artifact.startedAt, detail } = snapshot;
    return {
      ...artifact,
      ...{ state, startedAt },
      // What was fixed stays fixed: an upper bound that was observed would else move with every look.
      cut: artifact.cut?.upper === undefined ? snapshot.cut : artifact.cut,
      ...(progress === undefined ? {} : { progress }),
      ...(problem === undefined ? {} : { problem }),
      detail: { ...artifact.detail, ...detail },
    };
  });
}

/**
 * Looked at first: what is gone has no tags, so that a role that may delete only ours would be refused, and none can be deleted while it
 * is made.
 */
async function discard(service: NamedService, artifact: Artifact): Promise<boolean> {
  const state = await stateNow(service, artifact);
  if (state === 'gone' || state === 'pending') return state === 'gone';
  try {
    await service.remove(artifact);
  } catch (error) {
    // A deletion whose reply was lost is asked for again, and refused because it is under way.
    const now = await stateNow(service, artifact);
    if (now === 'gone') return true;
    if (now === 'pending' && isUnderWay(error)) return false;
    throw asFault(error, `deleting ${artifact.id}`);
  }
  return true;
}

const stateNow = async (service: NamedService, artifact: Artifact) => (await progress(service, [artifact]))[0]?.state;

export function artifactOf(snapshot: Snapshot, { kind, resource, tier, detail }: PlannedMember): Artifact {
  const { id, state, progress, problem, startedAt = snapshot.cut.lower, cut } = snapshot;
  return {
    ...{ kind, id, source: resource, tier, state, startedAt, cut },
    ...(progress === undefined ? {} : { progress }),
    ...(problem === undefined ? {} : { problem }),
    detail: { ...detail, ...snapshot.detail },
  };
}

/** Others may set tags, and cannot change a name that was given. */
const isNamedAfter = (service: NamedService, { id, name = id }: Snapshot, run: string, resource: string): boolean =>
  service.isUnnamed === true || name === snapshotName(service, run, resource);

/**
 * A letter first, lower case letters, digits and single hyphens: what the names of RDS, ElastiCache and MemoryDB have in common. It says
 * which run where there is room for it. Of several kinds' resources of one name each has its own: artifacts of a run are told apart by it.
 */
export function snapshotName(
  { kind, mostNameCharacters }: Pick<NamedService, 'kind' | 'mostNameCharacters'>,
  runId: string,
  resource: string,
): string {
  const of = [environment.stack(), runId, kind, resource].join('\n');
  const mark = createHash('sha256').update(of).digest('hex').slice(0, 10);
  const full = `holdfast-${runId.toLowerCase().replaceAll(/-+/g, '-')}-${mark}`;
  return full.length <= mostNameCharacters ? full : `holdfast-${runId.slice(-16).toLowerCase()}-${mark}`;
}

const tagsFor = ({ tier, resource }: PlannedMember, run: RunTags): Tags => ({
  [tagKeys.stack]: run.stack,
  [tagKeys.workload]: run.workload,
  [tagKeys.run]: run.runId,
  [tagKeys.tier]: String(tier),
  [tagKeys.source]: resource,
  [tagKeys.count]: String(run.count),
  [tagKeys.role]: 'backup',
  [tagKeys.verdict]: 'pending',
  [tagKeys.expires]: run.expiresAt,
});

export const cutTags = ({ cut }: Artifact): Tags =>
  cut === undefined
    ? {}
    : { [cutTagKeys.lower]: cut.lower, ...(cut.upper === undefined ? {} : { [cutTagKeys.upper]: cut.upper }) };

function cutFrom(tags: Tags): Cut | undefined {
  const { [cutTagKeys.lower]: lower, [cutTagKeys.upper]: upper } = tags;
  return lower === undefined ? undefined : { lower, ...(upper === undefined ? {} : { upper }) };
}
