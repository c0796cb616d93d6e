/** What is known of an application's release, by the kinds of its hooks: the same words in mails and on the command line. */
import { durationWords } from '../duration.ts';
import { holdsEverywhere, runsOnNoGuest, scalesService, takesArtifacts } from '../hook-proof.ts';
import { releaseCommand } from '../release-command.ts';
import type { Hold, Run, Window } from '../run.ts';
import { atWords, indented, type Paragraph } from './layout.ts';

/** Whether the application is free, in as few words as a subject has room for. */
export function releaseWords(run: Run): 'never held' | 'released' | 'RELEASE NOT CONFIRMED' {
  const window = triedOf(run);
  if (window === undefined || window.holds.length === 0) return 'never held';
  const free = window.releasedAt !== undefined || window.holds.every((hold) => hold.state === 'free');
  return free ? 'released' : 'RELEASE NOT CONFIRMED';
}

/** Without the guests that could not be asked when the run was planned: nobody has held them still. */
function triedOf({ plan, window }: Run): Window | undefined {
  const isUnheld = (id: string) => plan?.unheld?.some(({ instanceId }) => instanceId === id) === true;
  return window && { ...window, holds: window.holds.filter(({ hook }) => !isUnheld(hook.instanceId)) };
}

/** The first lines of a mail about a run. */
export function releaseLines(run: Run, nowMs: number): Paragraph {
  const window = triedOf(run);
  const state = releaseWords(run);
  if (window === undefined || state === 'never held') {
    return ['APPLICATION: not touched. This run has not held it still.'];
  }
  if (state === 'RELEASE NOT CONFIRMED') {
    return ['APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.', ...letsGoLines(window, nowMs)];
  }
  if (window.holds.every(({ hook }) => takesArtifacts(hook.kind))) {
    return ['APPLICATION: running. VSS lets go by itself within ten seconds; nothing of Holdfast holds it still.'];
  }
  const freeAt =
    window.releasedAt ??
    window.holds
      .flatMap((hold) => hold.freeAt ?? [])
      .toSorted()
      .at(-1);
  const stopped = window.holds.filter((hold) => hold.releasedBy === 'stopped').map((hold) => hold.hook.instanceId);
  return [
    `APPLICATION: released, ${confirmationWords(window)}${freeAt ? ` at ${atWords(freeAt)}` : ''}. Nothing of Holdfast holds it still.`,
    stopped.length === 0 ? undefined : `Not running at all, found so by the release: ${stopped.join(', ')}.`,
  ];
}

/** Whoever has said that it lets go: `confirmed by every guest and the function resume-orders`. */
export function confirmationWords({ holds }: Window): string {
  const who = [
    ...(holds.some(isOfGuest) ? ['every guest'] : []),
    ...namesOf(holds, holdsEverywhere).map((name) => `the function ${name}`),
    ...namesOf(holds, scalesService).map((name) => `ECS for ${name}`),
  ];
  return who.length === 0 ? 'as VSS lets go by itself within ten seconds' : `confirmed by ${who.join(' and ')}`;
}

/** What lets go by itself of that which has not confirmed its release, and by when: a sentence a kind of hook. */
export function letsGoLines({ holds, deadlineAt }: Window, nowMs: number): readonly string[] {
  const held = holds.filter(({ state }) => state !== 'free');
  const leftMs = Date.parse(deadlineAt) - nowMs;
  const when = leftMs > 0 ? `in ${durationWords(leftMs)}` : `${durationWords(-leftMs)} ago`;
  const by = `${atWords(deadlineAt)} at the latest (${when})`;
  const functions = namesOf(held, holdsEverywhere);
  return [
    ...(held.some(isOfGuest) ? [`The timer inside the guest releases it at ${by}.`] : []),
    ...(functions.length > 0
      ? [
          `No timer of Holdfast ends it: the one that ${functions.join(' and ')} set for itself should resume it by ${by}.`,
        ]
      : []),
    ...(held.some(({ hook }) => scalesService(hook.kind))
      ? [`It should be released by ${by}; nothing in ECS does that by itself.`]
      : []),
    ...(held.some(({ hook }) => takesArtifacts(hook.kind)) ? ['VSS lets go by itself within ten seconds.'] : []),
  ];
}

/** What Holdfast does, and a person may do, when the run's holds have not all let go: lines, commands among them indented. */
export function byHandLines({ id, window }: Pick<Run, 'id' | 'window'>): readonly string[] {
  const held = window?.holds.filter(({ state }) => state !== 'free') ?? [];
  const [first, ...others] = [...ofServices(held, id), ...ofFunctions(held, id), ...ofGuests(held)];
  return [`Holdfast goes on asking.${first === undefined ? '' : ` ${first}`}`, ...others];
}

const commandsOf = (held: readonly Hold[], runId: string, isMeant: (kind: string) => boolean): readonly string[] =>
  held.flatMap(({ hook }) => (isMeant(hook.kind) ? (releaseCommand(hook, runId) ?? []) : [])).map(indented);

function ofServices(held: readonly Hold[], runId: string): readonly string[] {
  const commands = commandsOf(held, runId, scalesService);
  if (commands.length === 0) return [];
  const words = 'Nothing in ECS starts the tasks again by itself. By hand, with the count that the plan found:';
  return [words, ...commands];
}

const look = 'Look whether the application answers. If it does not, and the timer is past,';

function ofFunctions(held: readonly Hold[], runId: string): readonly string[] {
  const commands = commandsOf(held, runId, holdsEverywhere);
  if (commands.length === 0) return [];
  const words = `resume it by hand: ask ${namesOf(held, holdsEverywhere).join(' and ')} as Holdfast does. Its log says why it has not.`;
  return [look, words, ...commands];
}

/** Where nothing is recorded of what is held, a guest is the likeliest. */
function ofGuests(held: readonly Hold[]): readonly string[] {
  const names = [...new Set(held.filter(isOfGuest).map(({ hook }) => hook.instanceId))];
  if (names.length === 0 && held.length > 0) return [];
  return [
    `${look} log in on`,
    `${names.join(' and ') || 'the instance'} and run the release script of the hook, fsfreeze --unfreeze its mounts, or end its database session.`,
  ];
}

const isOfGuest = ({ hook }: Hold): boolean => !runsOnNoGuest(hook.kind) && !takesArtifacts(hook.kind);

const namesOf = (holds: readonly Hold[], isMeant: (kind: string) => boolean): readonly string[] => [
  ...new Set(holds.filter(({ hook }) => isMeant(hook.kind)).map(({ hook }) => hook.instanceId)),
];
