/** What the service of a cache does by itself every day, beside Holdfast's own snapshots; never part of a point. */
import { kindFacts } from './member-kinds.ts';
import type { ManagedMember, Schedule } from './policy.ts';
import { nextDue } from './schedule.ts';

const hourMs = 3_600_000;

export interface AutomaticSnapshots {
  /** 0: it makes none. */
  readonly retentionDays: number;
  /** UTC, in its own words: the hours in which it begins one (`01:00-02:00`), of a serverless cache the time (`01:00`). Absent: not of interest. */
  readonly window?: string;
}

/** Whether its service takes no window, but the time at which it begins. */
export const takesTimeOfDay = ({ kind, resource }: Pick<ManagedMember, 'kind' | 'resource'>): boolean =>
  kindFacts(kind).takesTimeOfDay?.(resource) ?? false;

/**
 * What the policy wants of a member: that they begin with the workload's next window. Services know neither time zones nor weekdays, so with
 * summer time the window moves by an hour, and has to be set anew.
 *
 * @returns undefined when it says nothing of them
 */
export function wantedSnapshots(
  member: ManagedMember,
  schedule: Schedule,
  nowMs: number,
): AutomaticSnapshots | undefined {
  if (member.automatic === undefined) return undefined;
  const { retentionDays } = member.automatic;
  const opensMs = nextDue(schedule, nowMs);
  if (retentionDays === 0 || opensMs === undefined) return { retentionDays };
  const from = timeOfDay(opensMs);
  // The shortest that they take. https://docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html
  return { retentionDays, window: takesTimeOfDay(member) ? from : `${from}-${timeOfDay(opensMs + hourMs)}` };
}

export const isAsWanted = (shown: AutomaticSnapshots, wanted: AutomaticSnapshots): boolean =>
  shown.retentionDays === wanted.retentionDays && (wanted.window === undefined || shown.window === wanted.window);

/** One sentence. */
export function automaticWords(
  { kind, resource }: Pick<ManagedMember, 'kind' | 'resource'>,
  { retentionDays, window }: AutomaticSnapshots,
): string {
  const member = `${kind} ${resource}`;
  if (retentionDays === 0) return `${member} keeps no automatic snapshots.`;
  const from = window === undefined ? '' : `, made from ${window.slice(0, 5)} UTC on`;
  return `${member} keeps ${retentionDays} automatic snapshot${retentionDays === 1 ? '' : 's'}${from}.`;
}

const timeOfDay = (instantMs: number): string => new Date(instantMs).toISOString().slice(11, 16);
