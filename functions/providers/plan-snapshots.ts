import { automaticWords } from '#domain/automatic-snapshots.ts';
import type { ManagedMember, Member, Workload } from '#domain/policy.ts';
import type { Consistency } from '#domain/verdict.ts';
import { faultWhile } from '#platform/aws-errors.ts';
import { inTurns } from './in-turns.ts';
import { maintenanceNotes } from './maintenance.ts';
import type { SnapshotService, Source } from './named-snapshots.ts';
import type { Planned } from './provider.ts';
import { type RoomStanding, roomStanding } from './snapshot-room.ts';

/** What there is to take, and everything that would get in the way. */
export async function planSnapshots(
  service: SnapshotService,
  members: readonly Member[],
  workload: Workload,
  others: readonly Workload[],
): Promise<Planned> {
  const { kind, consistency } = service;
  const own = members.filter((member): member is ManagedMember => member.kind === kind);
  const looks = await inTurns(own, async (member) => ({
    member,
    source: await service.look(member).catch(faultWhile(`looking at ${kind} ${member.resource}`)),
    owner: others.find((other) => other.members.some((each) => isSame(each, member))),
  }));
  const room = await roomFor(service, own.filter(isCopied).length);
  const busy = looks.find(({ source }) => source?.busy !== undefined)?.source?.busy;
  return {
    members: looks.map(({ member: { resource, tier }, source }) => ({
      ...{ kind, resource, tier, artifacts: 1 },
      ...consistencyOf(source?.consistency ?? consistency),
      detail: source?.settings ?? {},
    })),
    ...(busy === undefined ? {} : { busy }),
    refusals: [
      ...room.refusals,
      ...looks.flatMap(({ member: { resource }, source, owner }) => [
        ...(source?.refusals ?? [`${workload.name}: ${kind} ${resource} does not exist in this Region and account.`]),
        ...(owner === undefined ? [] : [`${kind} ${resource} is also claimed by the workload ${owner.name}.`]),
      ]),
    ],
    notes: [
      ...room.notes,
      ...looks.flatMap(({ member, source }) => [
        ...(source?.notes ?? []),
        ...automaticNotes(member, source),
        ...(isCopied(member) ? maintenanceNotes(`${kind} ${member.resource}`, source?.maintenance, workload) : []),
      ]),
    ],
    instances: [],
  };
}

/** Else its artifact is a moment of what its service keeps anyhow. */
const isCopied = ({ continuous }: ManagedMember): boolean => continuous !== true;

async function roomFor({ kind, room }: SnapshotService, wanted: number): Promise<RoomStanding> {
  const found = wanted === 0 ? undefined : await room?.().catch(faultWhile(`asking for the quotas of ${kind}`));
  return found === undefined ? { refusals: [], notes: [] } : roomStanding(kind, wanted, found);
}

const automaticNotes = (member: ManagedMember, source: Source | undefined): readonly string[] =>
  member.automatic === undefined || source?.automatic === undefined ? [] : [automaticWords(member, source.automatic)];

const consistencyOf = (consistency: Consistency | undefined) => (consistency === undefined ? {} : { consistency });

const isSame = (one: Member, other: ManagedMember): boolean =>
  one.kind === other.kind && one.resource === other.resource;
