/** What a shape cannot say: settings that contradict each other, or can never be met. Imported by deploy-time code only. */
import { durationMinutes, durationWords } from './duration.ts';
import { checkAutomatic } from './policy-automatic-checks.ts';
import { mailOf, scheduleOf } from './policy-complete.ts';
import { checkContinuous } from './policy-continuous-checks.ts';
import { checkCopies } from './policy-copy-checks.ts';
import type { Mistake, PolicyPath } from './policy-mistakes.ts';
import { checkPace } from './policy-pace-checks.ts';
import { checkReboot } from './policy-reboot-checks.ts';
import { checkRecovery } from './policy-recovery-checks.ts';
import type { MailShape, WorkloadShape } from './policy-shape.ts';
import { checkTiers } from './policy-tier-checks.ts';
import { checkWindowsVss } from './policy-vss-checks.ts';
import { checkZone } from './policy-zone-check.ts';
import { intervalsOf, nextDue, scheduleProblem } from './schedule.ts';

const dayMs = 86_400_000;

/** The sections of one workload that have the right shape. */
export type Sections = Partial<WorkloadShape>;

export interface Found {
  readonly mistakes: readonly Mistake[];
  /** Allowed, and probably not what was meant. */
  readonly notes: readonly Mistake[];
}

/** @param nowMs from when the schedule must be due, and from when its intervals are measured */
export function checkWorkload(path: PolicyPath, sections: Sections, shared: MailShape, nowMs: number): Found {
  const schedule = checkSchedule([...path, 'schedule'], sections.schedule, nowMs);
  const usable = schedule.length === 0 ? sections : { ...sections, schedule: undefined };
  return {
    mistakes: [
      ...schedule,
      ...checkObjectives([...path, 'objectives', 'rpo'], usable, nowMs),
      ...checkHooks([...path, 'quiesce', 'hooks'], sections.quiesce),
      ...checkWindowsVss(path, sections),
      ...checkTiers(path, sections),
      ...checkReboot(path, sections),
      ...checkCopies([...path, 'copyTo'], sections),
      ...checkRecovery(path, sections),
      ...checkPace([...path, 'members'], usable.schedule, sections.members ?? [], nowMs),
      ...checkAutomatic([...path, 'members'], usable, nowMs),
      ...checkContinuous([...path, 'retention'], usable, nowMs),
      ...checkMail([...path, 'mail', 'failures'], sections.mail, shared),
    ],
    notes: [
      ...noteRetention([...path, 'retention'], usable, nowMs),
      ...notePromotion([...path, 'members'], sections.members ?? []),
      ...noteUserData([...path, 'members'], sections.members ?? []),
    ],
  };
}

type ScheduleShape = WorkloadShape['schedule'];
/** `schedule` may be explicitly undefined: known, and of no use. */
type Usable = Omit<Sections, 'schedule'> & { readonly schedule?: ScheduleShape | undefined };

function checkSchedule(path: PolicyPath, typed: ScheduleShape | undefined, nowMs: number): Mistake[] {
  if (typed === undefined) return [];
  const given = ['cron', 'rate', 'expression'].find((key) => Object.hasOwn(typed, key)) ?? 'expression';
  const schedule = scheduleOf(typed);
  const expression = spelledInFull(given, typed) ?? scheduleProblem({ ...schedule, timeZone: 'UTC' });
  const mistakes: Mistake[] = expression === undefined ? [] : [{ path: [...path, given], message: expression }];
  mistakes.push(...checkZone([...path, 'timeZone'], schedule.timeZone));
  if ((durationMinutes(typed.startWithin ?? '10m') ?? 0) < 10) {
    const message = 'A second try of a call that was lost, and waiting for slots, take minutes.';
    mistakes.push({ path: [...path, 'startWithin'], message, expected: 'at least 10m' });
  }
  if (mistakes.length > 0 || nextDue(schedule, nowMs) !== undefined) return mistakes;
  return [{ path: [...path, given], message: `${schedule.expression} is never due: there is no such day to come.` }];
}

/** As `expression` takes it, and no other. */
function spelledInFull(given: string, { cron = '', rate = '' }: ScheduleShape): string | undefined {
  if (!/^(cron|rate)\(/.test(cron + rate)) return undefined;
  return `What has brackets is an "expression": leave the brackets and the word before them away, or name this setting "expression" instead of "${given}".`;
}

function checkObjectives(path: PolicyPath, { schedule, objectives }: Usable, nowMs: number): Mistake[] {
  if (schedule === undefined || objectives?.rpo === undefined) return [];
  const intervals = intervalsOf(scheduleOf(schedule), nowMs);
  const rpoMs = (durationMinutes(objectives.rpo) ?? 0) * 60_000;
  if (intervals === undefined || rpoMs >= intervals.longestMs) return [];
  const longest = durationWords(intervals.longestMs);
  const since = new Date(intervals.longestFromMs).toISOString();
  const message = `An RPO of ${objectives.rpo} cannot be met: the schedule leaves up to ${longest} between two runs (after ${since}).`;
  return [{ path, message, expected: `at least ${spelled(intervals.longestMs)}` }];
}

/** As a policy spells it, in whole hours where it can. */
function spelled(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function checkHooks(path: PolicyPath, quiesce: WorkloadShape['quiesce'] | undefined): Mistake[] {
  const hooks = quiesce?.hooks ?? [];
  const message =
    'Only the last hook may freeze file systems (as postgresql does unless its mode is backup-mode, and redis with an append-only file), and only one: whatever runs after it could block on a frozen file system.';
  return hooks.flatMap((hook, index) => [
    ...(freezes(hook) && index < hooks.length - 1 ? [{ path: [...path, index], message }] : []),
    ...checkPatience([...path, index, 'patienceSeconds'], hook),
  ]);
}

function checkPatience(path: PolicyPath, hook: HookShape): Mistake[] {
  if (hook.kind !== 'mysql' || hook.patienceSeconds < hook.deadlineSeconds) return [];
  const message = `Waiting ${hook.patienceSeconds} s for statements leaves nothing of the deadline of ${hook.deadlineSeconds} s.`;
  return [{ path, message, expected: `less than ${hook.deadlineSeconds}` }];
}

type HookShape = WorkloadShape['quiesce']['hooks'][number];

const freezes = (hook: HookShape) =>
  hook.kind === 'filesystem' || hook.kind === 'redis' || (hook.kind === 'postgresql' && hook.mode !== 'backup-mode');

function checkMail(path: PolicyPath, own: MailShape | undefined, shared: MailShape): Mistake[] {
  if (own === undefined || mailOf(own, shared).failures.length > 0) return [];
  const message =
    'Nobody is told when this workload fails: name at least one address here or under the top-level mail.failures.';
  return [{ path, message }];
}

function noteRetention(path: PolicyPath, { schedule, retention }: Usable, nowMs: number): Mistake[] {
  if (schedule === undefined || retention === undefined) return [];
  const spanMs = (intervalsOf(scheduleOf(schedule), nowMs)?.longestMs ?? 0) * retention.minimum;
  if (retention.days * dayMs >= spanMs) return [];
  const message = `The newest ${retention.minimum} points span up to ${durationWords(spanMs)}, so they are kept longer than the ${retention.days} days.`;
  return [{ path, message }];
}

/** A launch after a loss has nowhere else to take it from. */
function noteUserData(path: PolicyPath, members: WorkloadShape['members']): Mistake[] {
  const message =
    'What its instances are told as they start (user data of up to 4,096 characters) is kept in the ledger, for a launch when they are gone, and readers may read that: keep secrets elsewhere.';
  return members.flatMap((member, index) => (member.kind === 'ami' ? [{ path: [...path, index], message }] : []));
}

/** AWS Backup restores files into a folder of its own, and only what mounts the file system can move them out of it. */
function notePromotion(path: PolicyPath, members: WorkloadShape['members']): Mistake[] {
  if (members.some((member) => 'instance' in member)) return [];
  return members.flatMap((member, index) => {
    if (member.kind !== 'efs' || member.promoteOn !== undefined || member.restoreInto !== undefined) return [];
    const message = `No instance is known that could move the restored files of ${member.resource} to their place, so a recovery leaves that to a person. Name one that mounts it with promoteOn.`;
    return [{ path: [...path, index], message }];
  });
}
