/** From what was typed, defaults filled in by the shape, to the policy as the functions see it. */
import { durationMinutes } from './duration.ts';
import { invariantBroken } from './faults.ts';
import type { Hook } from './hook.ts';
import { kindFacts } from './member-kinds.ts';
import type { MemberShape } from './member-shape.ts';
import type { CopyTo, InstanceSelector, Member, Objectives, Schedule, VolumeSelector, Workload } from './policy.ts';
import type { MailShape, WorkloadShape } from './policy-shape.ts';
import { intervalsOf } from './schedule.ts';

const hourMs = 3_600_000;

/** @returns the schedule in EventBridge Scheduler's spelling; empty when none was given */
export function scheduleOf({ cron, rate, expression, timeZone }: WorkloadShape['schedule']): Schedule {
  if (cron !== undefined) return { expression: `cron(${cron})`, timeZone };
  return { expression: rate === undefined ? (expression ?? '').trim() : `rate(${rate})`, timeZone };
}

/** Own addresses replace the policy's, list by list. */
export const mailOf = (own: MailShape, shared: MailShape): Workload['mail'] => ({
  failures: own.failures ?? shared.failures ?? [],
  reports: own.reports ?? shared.reports ?? [],
});

/** @param sampleMs from when the longest time between two runs is measured, for a default RPO */
export function completeWorkload(name: string, typed: WorkloadShape, shared: MailShape, sampleMs: number): Workload {
  const schedule = scheduleOf(typed.schedule);
  const { cleanUp, verify, ...recovery } = typed.recovery;
  const windowMinutes = windowMinutesOf(typed);
  const startWithinMinutes = startWithinMinutesOf(typed);
  const objectives = objectivesOf(typed.objectives, schedule, sampleMs);
  const copyTo = copyToOf(typed, objectives);
  return {
    name,
    description: typed.description,
    schedule,
    ...(startWithinMinutes === undefined ? {} : { startWithinMinutes }),
    members: typed.members.map(memberOf),
    hooks: typed.quiesce.hooks.map((hook): Hook => hook),
    onQuiesceFailure: typed.quiesce.onFailure,
    ...(windowMinutes === undefined ? {} : { windowMinutes }),
    retention: typed.retention,
    ...(copyTo === undefined ? {} : { copyTo }),
    objectives,
    mail: mailOf(typed.mail, shared),
    recovery: {
      ...recovery,
      ...(cleanUp.length === 0 ? {} : { cleanUp }),
      ...(verify === undefined ? {} : { verify }),
    },
  };
}

export function memberOf(typed: MemberShape): Member {
  if (typed.kind === 'ami') {
    const { kind, tier, instance, reboot, role } = typed;
    return { kind, tier, instance: instanceOf(instance), reboot, ...(role === undefined ? {} : { role }) };
  }
  if (typed.kind !== 'ebs') return managedOf(typed);
  const { kind, tier, instance, volumes } = typed;
  return {
    kind,
    tier,
    instance: instanceOf(instance),
    volumes: volumesOf(volumes),
  };
}

/** What was left out stays out, so that a function's policy says no more than was typed. */
function managedOf(typed: Exclude<MemberShape, { readonly kind: 'ebs' | 'ami' }>): Member {
  const { continuous, promoteOn, ...settings } = { continuous: false, promoteOn: undefined, ...typed };
  return {
    ...given(settings),
    ...(continuous ? { continuous } : {}),
    ...(promoteOn === undefined ? {} : { promoteOn: instanceOf(promoteOn) }),
  };
}

type Given<Settings> = { readonly [Key in keyof Settings]: Exclude<Settings[Key], undefined> };

const given = <Settings extends object>(settings: Settings): Given<Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Given<Settings>; // its own entries

/** Whether its artifact is a moment of a continuous backup. */
export const isContinuous = (typed: MemberShape): boolean => 'continuous' in typed && typed.continuous;

const instanceOf = ({ id, tags = {} }: Extract<MemberShape, { readonly kind: 'ebs' }>['instance']): InstanceSelector =>
  id === undefined ? { tags } : { id };

/** Minutes; undefined of a workload whose window lasts as long as its hooks hold. */
export function windowMinutesOf({ members, window }: Pick<WorkloadShape, 'members' | 'window'>): number | undefined {
  const slow = members.filter(({ kind }) => !kindFacts(kind).fixedAtOnce);
  if (slow.length === 0) return undefined;
  // A moment is pinned in seconds, and the next tier begins a guard later; the snapshots of an image begin soon after the call.
  return durationMinutes(window ?? (slow.every(isFixedSoon) ? '5m' : '60m'));
}

/** Minutes; undefined of a workload that may begin at any hour, since nothing is held still for it. */
function startWithinMinutesOf({ schedule, quiesce, members }: WorkloadShape): number | undefined {
  const isFelt = quiesce.hooks.length > 0 || members.some((member) => member.kind === 'ami' && member.reboot);
  const text = schedule.startWithin ?? (isFelt ? '2h' : undefined);
  return text === undefined ? undefined : durationMinutes(text);
}

const isFixedSoon = (typed: MemberShape): boolean => isContinuous(typed) || (typed.kind === 'ami' && !typed.reboot);

function volumesOf(volumes: Extract<MemberShape, { readonly kind: 'ebs' }>['volumes']): VolumeSelector {
  if (typeof volumes === 'string') return volumes;
  return volumes.devices === undefined ? { tags: volumes.tags ?? {} } : { devices: volumes.devices };
}

function copyToOf({ copyTo, retention }: WorkloadShape, { rpoMinutes }: Objectives): CopyTo | undefined {
  if (copyTo === undefined) return undefined;
  const { region, key, rpo } = copyTo;
  const minutes = rpo === undefined ? 2 * rpoMinutes : durationMinutes(rpo);
  if (minutes === undefined) throw invariantBroken('A duration was used unchecked.');
  return { region, key, retention: copyTo.retention ?? retention, rpoMinutes: minutes };
}

function objectivesOf({ rpo, rto }: WorkloadShape['objectives'], schedule: Schedule, sampleMs: number): Objectives {
  const longestMs = intervalsOf(schedule, sampleMs)?.longestMs ?? 24 * hourMs;
  const rpoMinutes = rpo === undefined ? Math.ceil(longestMs / hourMs + 2) * 60 : durationMinutes(rpo);
  const rtoMinutes = durationMinutes(rto);
  if (rpoMinutes === undefined || rtoMinutes === undefined) throw invariantBroken('A duration was used unchecked.');
  return { rpoMinutes, rtoMinutes };
}
