/**
 * Volumes and managed resources that are claimed twice, as far as the policy alone shows it. Only certain overlaps are mistakes; the rest (a tag and an
 * id that mean the same instance) is found when a run is planned. Imported by deploy-time code only.
 */
import type { AmiMember, EbsMember, InstanceSelector, Member, VolumeSelector } from './policy.ts';
import type { Mistake } from './policy-mistakes.ts';

export interface Claim {
  readonly workload: string;
  /** Position in the workload's members. */
  readonly index: number;
  readonly member: Member;
}

type Tags = Readonly<Record<string, string>>;

const within = (one: Tags, other: Tags) => Object.entries(one).every(([key, value]) => other[key] === value);
/** The selector with more tags chooses a part of what the other chooses. */
const nested = (one: Tags, other: Tags) => within(one, other) || within(other, one);

function sameInstance(one: InstanceSelector, other: InstanceSelector): boolean {
  if ('id' in one) return 'id' in other && one.id === other.id;
  return 'tags' in other && nested(one.tags, other.tags);
}

/** Root volumes are attached under these names; `data` leaves them out. */
const isRootName = (device: string) => device === '/dev/sda1' || device === '/dev/xvda';

/** `volumes` sorted so that the plainest selector comes first. */
function sameVolumes(one: VolumeSelector, other: VolumeSelector): boolean {
  if (one === 'all' || other === 'all') return true;
  if (one === 'data') return other === 'data' || 'tags' in other || !other.devices.every(isRootName);
  if (other === 'data') return sameVolumes(other, one);
  if ('devices' in one && 'devices' in other) return one.devices.some((device) => other.devices.includes(device));
  return 'tags' in one && 'tags' in other && nested(one.tags, other.tags);
}

/** Of two that have a mark in common: of managed resources that says all. */
const overlaps = (one: Member, other: Member) => !('instance' in one && 'instance' in other) || sameDisks(one, other);

const sameDisks = (one: EbsMember | AmiMember, other: EbsMember | AmiMember) =>
  sameInstance(one.instance, other.instance) && sameVolumes(volumesOf(one), volumesOf(other));

/** An image has them all. */
const volumesOf = (member: EbsMember | AmiMember): VolumeSelector => (member.kind === 'ami' ? 'all' : member.volumes);

/** What two selectors of the same have in common: the id or name, or, one's tags being among the other's, a tag. */
function marksOf(member: Member): readonly string[] {
  if (!('instance' in member)) return [`${member.kind} ${member.resource}`];
  const { instance } = member;
  return 'id' in instance ? [instance.id] : Object.entries(instance.tags).map((tag) => JSON.stringify(tag));
}

/** @param claims all members of all workloads, in the order typed; the mistake is at the later one */
export function checkClaims(claims: readonly Claim[]): Mistake[] {
  const known = new Map<string, Claim[]>();
  return claims.flatMap((claim) => {
    const marks = marksOf(claim.member);
    const earlier = marks
      .flatMap((mark) => known.get(mark) ?? [])
      .find((other) => overlaps(other.member, claim.member));
    for (const mark of marks) {
      const same = known.get(mark);
      if (same === undefined) known.set(mark, [claim]);
      else same.push(claim);
    }
    if (earlier === undefined) return [];
    const [what, one] =
      'instance' in claim.member ? ['These volumes are', 'a volume'] : [`${claim.member.resource} is`, 'it'];
    const other = `workloads.${earlier.workload}.members.${earlier.index}`;
    const message = `${what} already claimed by ${other}; ${one} belongs to one member.`;
    return [{ path: ['workloads', claim.workload, 'members', claim.index], message }];
  });
}
