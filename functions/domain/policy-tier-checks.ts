/** What members of several kinds ask of their tiers and of the window, found in the policy alone. Imported by deploy-time code only. */
import { durationMinutes } from './duration.ts';
import { holdsNothing, takesArtifacts } from './hook-proof.ts';
import { roleOf } from './member-kinds.ts';
import { windowMinutesOf } from './policy-complete.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import type { WorkloadShape } from './policy-shape.ts';

/** As long as a hook may hold. */
const mostWindowMinutes = 8 * 60;

/** @param sections those of the workload that have the right shape */
export function checkTiers(path: PolicyPath, sections: Partial<WorkloadShape>): Mistake[] {
  const { members = [] } = sections;
  return [
    ...checkOrder([...path, 'members'], members),
    ...checkLength([...path, 'window'], sections, members),
    ...checkHolds([...path, 'quiesce', 'hooks'], sections, members),
  ];
}

type Members = WorkloadShape['members'];

/** The one order that a restored set is right in. */
function checkOrder(path: PolicyPath, members: Members): Mistake[] {
  const databases = members.filter((member) => roleOf(member) === 'database');
  const last = Math.max(0, ...databases.map(({ tier }) => tier));
  const names = [...new Set(databases.filter(({ tier }) => tier === last).map(({ kind }) => kind))].join(', ');
  return members.flatMap((member, index) => {
    const { kind, tier } = member;
    if (roleOf(member) === 'database' || tier > last) return [];
    const message = `A restored database must be older than the disk that it refers to: tier ${last} has ${names}, so ${kind} must be in a later tier.`;
    return [{ path: [...path, index, 'tier'], message, expected: `${last + 1} or more` }];
  });
}

function checkLength(path: PolicyPath, { window }: Partial<WorkloadShape>, members: Members): Mistake[] {
  if (window === undefined || members.length === 0) return [];
  if (windowMinutesOf({ members, window }) === undefined) {
    const message = 'The window of EBS members lasts as long as the hooks hold: give their deadlineSeconds instead.';
    return [{ path, message }];
  }
  if ((durationMinutes(window) ?? 0) <= mostWindowMinutes) return [];
  return [{ path, message: `A window of ${window} is too long.`, expected: 'at most 8h' }];
}

/** A guest that lets go before the last tier is fixed makes the point crash-consistent, every time. */
function checkHolds(path: PolicyPath, { quiesce, window }: Partial<WorkloadShape>, members: Members): Mistake[] {
  const minutes = windowMinutesOf({ members, window });
  if (minutes === undefined) return [];
  return (quiesce?.hooks ?? []).flatMap(({ kind, deadlineSeconds }, index) => {
    if (holdsNothing(kind) || takesArtifacts(kind) || deadlineSeconds >= minutes * 60) return [];
    const message = `The ${kind} hook lets go after ${deadlineSeconds} s, and the window may last ${minutes} min: give it that long, if it can (command and services can), or a shorter window.`;
    return [{ path: [...path, index, 'deadlineSeconds'], message, expected: `at least ${minutes * 60}` }];
  });
}
