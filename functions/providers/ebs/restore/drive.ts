/** The loop of every phase: look, decide, act, look again, for as long as one invocation may; then answer done or not. */
import { providerFault } from '#domain/faults.ts';
import type { Recovery, RecoveryTarget } from '#domain/recovery.ts';
import { limitMs, type Stage, stageLimitMinutes, waitedMs } from '#domain/recovery-progress.ts';
import { asFault } from '#platform/aws-errors.ts';
import type { PhaseResult } from '../../restorer.ts';
import { type Action, perform } from './action.ts';
import { firstPauseMs, nextPauseMs, unansweredPauseMs } from './pauses.ts';

/** What to do now, and what is still missing. Nothing of both: done. */
export interface Decision {
  readonly actions: readonly Action[];
  /** In words that can stand after "waited 10 minutes for". */
  readonly waitingFor?: string;
}

export const nothingToDo: Decision = { actions: [] };

export interface Drive<Seen> {
  readonly target: RecoveryTarget;
  readonly recovery: Recovery;
  readonly stage: Stage;
  readonly look: () => Promise<Seen>;
  /** Pure. Throws a Fault when the stage can never be done. */
  readonly decide: (seen: Seen) => Decision;
}

/** How long one invocation polls; a Lambda needs a timeout well above it. */
export const pollBudgetMs = 40_000;
/** @throws ProviderFault once the stage has passed its limit, saying what was still missing and what EC2 last refused */
export async function drive<Seen>(course: Drive<Seen>): Promise<PhaseResult> {
  const { target, recovery, stage, look, decide } = course;
  const untilMs = Date.now() + pollBudgetMs;
  const performed = new Set<string>();
  let refusal: string | undefined;
  const waited = () => waitedMs(recovery, stage, Date.now());
  for (let pauseMs = firstPauseMs(waited()); ; pauseMs = nextPauseMs(pauseMs, waited())) {
    const seen = await answered(look());
    const decision = 'answer' in seen ? decide(seen.answer) : unanswered;
    if (decision.actions.length === 0 && decision.waitingFor === undefined) return { done: true, target };
    refusal = ('refusal' in seen ? seen.refusal : await performNew(decision.actions, performed)) ?? refusal;
    giveUpAfterLimit(course, decision, refusal);
    if ('refusal' in seen) pauseMs = unansweredPauseMs(pauseMs);
    if (Date.now() + pauseMs > untilMs) return { done: false, target };
    await pause(pauseMs);
  }
}

const unanswered: Decision = { actions: [], waitingFor: 'EC2 to answer' };

/** A look that EC2 throttles, or whose reply is lost, changes nothing and fails nothing: it is only too early for the next. */
async function answered<Seen>(
  looking: Promise<Seen>,
): Promise<{ readonly answer: Seen } | { readonly refusal: string }> {
  try {
    return { answer: await looking };
  } catch (error) {
    const fault = asFault(error, 'looking at what EC2 shows');
    if (fault.name !== 'TransientFault') throw fault;
    return { refusal: fault.message };
  }
}

/**
 * Performs what this invocation has not yet performed with success: a view that lags behind an accepted call asks for it again.
 * Tags first, so that a volume is marked before it is moved.
 */
async function performNew(actions: readonly Action[], performed: Set<string>): Promise<string | undefined> {
  const fresh = actions.filter((action) => !performed.has(JSON.stringify(action)));
  const isMark = ({ kind }: Action) => kind === 'tag' || kind === 'untag';
  const refusals: (string | undefined)[] = [];
  const act = async (action: Action) => {
    const refusal = await perform(action);
    if (refusal === undefined) performed.add(JSON.stringify(action));
    refusals.push(refusal);
  };
  for (const mark of fresh.filter(isMark)) await act(mark);
  await Promise.all(fresh.filter((action) => !isMark(action)).map(act));
  return refusals.find((refusal) => refusal !== undefined);
}

function giveUpAfterLimit<Seen>(course: Drive<Seen>, decision: Decision, refusal: string | undefined): void {
  const { recovery, stage, target } = course;
  if (Date.now() < limitMs(recovery, stage)) return;
  const missing = decision.waitingFor ?? 'the last change to show';
  const last = refusal === undefined ? '' : ` EC2 last refused with: ${refusal}`;
  throw providerFault(`${target.resource}: waited ${stageLimitMinutes[stage]} minutes for ${missing}.${last}`);
}

/** The global timer, which simulations replace. */
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
