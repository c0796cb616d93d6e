/** How many snapshots a run will probably have pending at a time, before it is planned. Planning corrects it. */
import type { Artifact } from './artifact.ts';
import type { Point } from './point.ts';
import type { Member, Workload } from './policy.ts';

/** Volumes of a member that is not known yet: more than most have, since too many are given back at once and too few must be waited for. */
const guessedVolumes = 8;

/** @param newestPoint undefined: the workload was never backed up */
export function expectedSlots({ members }: Workload, newestPoint: Point | undefined): number {
  if (newestPoint !== undefined) return newestPoint.artifacts.reduce((sum, artifact) => sum + pendingFor(artifact), 0);
  return members.reduce((sum, member) => sum + guess(member), 0);
}

/** An image has a snapshot of each volume. */
const pendingFor = ({ kind }: Artifact): number => (kind === 'ami' ? guessedVolumes : Number(kind === 'ebs'));

function guess(member: Member): number {
  if (member.kind === 'ami') return guessedVolumes;
  if (member.kind !== 'ebs') return 0;
  const { volumes } = member;
  return typeof volumes === 'object' && 'devices' in volumes ? volumes.devices.length : guessedVolumes;
}
