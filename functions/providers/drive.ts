/** The loop of every phase of a recovery: look, decide, act, look again, for as long as one invocation may; then answer done or not. */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { limitMinutes, limitMs, type Stage, waitedMs } from '#domain/recovery-progress.ts';
import { asFault } from '#platform/aws-errors.ts';
import { firstPauseMs, nextPauseMs, pause, pollBudgetMs, unansweredPauseMs } from './pauses.ts';
import type { PhaseResult } from './restorer.ts';

/** What to do now, and what is still missing. Nothing of both: done. */
export interface Decision<Action> {
  readonly actions: readonly Action[];
  /** In words that can stand after "waited 10 minutes for". */
  readonly waitingFor?: string;
}

export const isDone = ({ actions, waitingFor }: Decision<unknown>): boolean =>
  actions.length === 0 && waitingFor === undefined;

/** All of them at the same time. */
export function merged<Action>(decisions: readonly Decision<Action>[]): Decision<Action> {
  const waiting = decisions.flatMap(({ waitingFor }) => waitingFor ?? []);
  const actions = decisions.flatMap((decision) => decision.actions);
  return waiting.length === 0 ? { actions } : { actions, waitingFor: waiting.join('; ') };
}

export interface Drive<Seen, Action> {
  readonly target: RecoveryTarget;
  readonly recovery: Recovery;
  readonly stage: Stage;
  readonly look: () => Promise<Seen>;
  /** Pure. Throws a Fault when the stage can never be done. */
  readonly decide: (seen: Seen) => Decision<Action>;
  /** Answers with AWS's words when it refuses for now. Throws a Fault when it refuses for good. */
  readonly perform: (action: Action) => Promise<string | undefined>;
  /** Of actions that must be done, one by one, before the others begin. */
  readonly comesFirst?: (action: Action) => boolean;
}

/** @throws ProviderFault once the stage has passed its limit, saying what was still missing and what AWS last refused */
export async function drive<Seen, Action>(course: Drive<Seen, Action>): Promise<PhaseResult> {
  const { target, recovery, stage, look, decide } = course;
  const untilMs = Date.now() + pollBudgetMs;
  const performed = new Set<string>();
  let refusal: string | undefined;
  const waited = () => waitedMs(recovery, stage, Date.now());
  for (let pauseMs = firstPauseMs(waited()); ; pauseMs = nextPauseMs(pauseMs, waited())) {
    const seen = await answered(look());
    const decision = 'answer' in seen ? decide(seen.answer) : unanswered;
    if (isDone(decision)) return { done: true, target };
    const before = performed.size;
    refusal = ('refusal' in seen ? seen.refusal : await performNew(course, decision.actions, performed)) ?? refusal;
    const isAccepted = 'answer' in seen && decision.actions.every((action) => performed.has(JSON.stringify(action)));
    giveUpAfterLimit(course, isAccepted, decision.waitingFor, refusal);
    // However long it has taken up to here: what was done just now may show at once.
    if (performed.size > before) pauseMs = firstPauseMs(0);
    if ('refusal' in seen) pauseMs = unansweredPauseMs(pauseMs);
    if (!(await pause(pauseMs, untilMs))) return { done: false, target };
  }
}

const unanswered = { actions: [], waitingFor: 'AWS to answer' };

/** A look that AWS throttles, or whose reply is lost, changes nothing and fails nothing: it is only too early for the next. */
async function answered<Seen>(
  looking: Promise<Seen>,
): Promise<{ readonly answer: Seen } | { readonly refusal: string }> {
  try {
    return { answer: await looking };
  } catch (error) {
    const fault = asFault(error, 'looking at what AWS shows');
    if (fault.name !== 'TransientFault') throw fault;
    return { refusal: fault.message };
  }
}

/** Performs what this invocation has not yet performed with success: a view that lags behind an accepted call asks for it again. */
async function performNew<Seen, Action>(
  { perform, comesFirst = () => false }: Drive<Seen, Action>,
  actions: readonly Action[],
  performed: Set<string>,
): Promise<string | undefined> {
  const fresh = actions.filter((action) => !performed.has(JSON.stringify(action)));
  const refusals: (string | undefined)[] = [];
  const act = async (action: Action) => {
    const refusal = await perform(action);
    if (refusal === undefined) performed.add(JSON.stringify(action));
    refusals.push(refusal);
  };
  for (const first of fresh.filter(comesFirst)) await act(first);
  await Promise.all(fresh.filter((action) => !comesFirst(action)).map(act));
  return refusals.find((refusal) => refusal !== undefined);
}

/** What AWS has accepted for a roll back gets so much longer: a person is only called for what does not come by itself. */
const acceptedMs = 120_000;

function giveUpAfterLimit<Seen, Action>(
  { recovery, stage, target }: Drive<Seen, Action>,
  isAccepted: boolean,
  missing = 'the last change to show',
  refusal?: string,
): void {
  const longerMs = isAccepted && stage === 'roll-back' ? acceptedMs : 0;
  if (Date.now() < limitMs(recovery, stage) + longerMs) return;
  const last = refusal === undefined ? '' : ` AWS last refused with: ${refusal}`;
  throw providerFault(`${target.resource}: waited ${limitMinutes(recovery, stage)} minutes for ${missing}.${last}`);
}
