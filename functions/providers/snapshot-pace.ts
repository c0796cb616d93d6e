import { kindFacts } from '#domain/member-kinds.ts';
import type { ManagedMember } from '#domain/policy.ts';

const dayMs = 86_400_000;

/**
 * @param takenMs when manual snapshots of the resource were made, whoever made them, epoch ms. Those that were deleted count with the
 *   service too, and cannot be seen
 * @returns one sentence when the service makes no other now
 */
export function paceRefusals(member: ManagedMember, takenMs: readonly number[]): readonly string[] {
  const most = kindFacts(member.kind).snapshotsPerDay?.(member.resource);
  const recent = takenMs.filter((ms) => ms > Date.now() - dayMs).sort((one, other) => one - other);
  const blocking = most === undefined ? undefined : recent.at(-most);
  if (blocking === undefined) return [];
  const freeAt = new Date(blocking + dayMs).toISOString();
  const { kind, resource } = member;
  return [
    `${kind} ${resource} has ${recent.length} manual snapshots of the last 24 hours, and its service makes at most ${most} in that time: the next can be made after ${freeAt}.`,
  ];
}
