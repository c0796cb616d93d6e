/** Stretches of time in which nothing is due but timers of AWS's own: the sweeps are level-triggered, so they may sleep through them. */
import { hourMs, minuteMs, type Stage } from '../scenario/stage.ts';

const sweeps = /Rules(Settle|Report|Retire|Watch|Digest)[0-9A-F]{8}/;
const frequentSweeps = /Rules(Settle|Report)[0-9A-F]{8}/;
const everyMinute = /RulesSettle[0-9A-F]{8}/;

function setEnabled({ services: { events } }: Stage, rules: RegExp, enabled: boolean): void {
  for (const name of events.names().filter((each) => rules.test(each))) events.setEnabled(name, enabled);
}

/** With the sweeps asleep, which are awake again afterwards. */
export const sleepUntil = (stage: Stage, timeMs: number): Promise<void> => doze(stage, timeMs, sweeps);

/** The same with the hourly and daily sweeps awake. */
export const dozeUntil = (stage: Stage, timeMs: number): Promise<void> => doze(stage, timeMs, frequentSweeps);

/** The same with what reports awake, too: only what sweeps every minute sleeps. */
export const dozeLightlyUntil = (stage: Stage, timeMs: number): Promise<void> => doze(stage, timeMs, everyMinute);

async function doze(stage: Stage, timeMs: number, asleep: RegExp): Promise<void> {
  setEnabled(stage, asleep, false);
  await stage.time.advance(Math.max(0, timeMs - stage.clock.nowMs()));
  // Only those: a rule that is enabled counts its rate from then on.
  setEnabled(stage, asleep, true);
}

/**
 * A round is two of the frequent sweeps, and longer than an event is ever late. What sweeps every minute sleeps through its middle, and
 * is awake in a minute of each kind: some of what it looks at, it looks at in one sweep of every five.
 */
const roundMs = { first: 4 * minuteMs, asleep: 4 * minuteMs, last: 2.25 * minuteMs } as const;
/** What follows at once, such as mails, is no work of a sweep's. */
const followsMs = 15_000;
const mostRounds = 5;
const longestMs = 12 * hourMs;

/**
 * Until a whole round of sweeps has found nothing to do: no function has changed anything.
 * @param isQuiet awaited before every round: what may take longer than one
 */
export async function untilNothingHappens(stage: Stage, isQuiet = () => true): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    await untilQuiet(stage, isQuiet);
    await stage.time.advance(followsMs);
    if (!isQuiet()) continue;
    const before = changes(stage);
    await stage.time.advance(roundMs.first);
    await dozeLightlyUntil(stage, stage.clock.nowMs() + roundMs.asleep);
    await stage.time.advance(roundMs.last);
    if (changes(stage) === before) return;
  }
}

/** What is not over within the hour is only waited for: of the hours until then what sweeps every minute sees ten minutes each. */
async function untilQuiet(stage: Stage, isQuiet: () => boolean): Promise<void> {
  const untilMs = stage.clock.nowMs() + longestMs;
  await stage.time.until(isQuiet, hourMs);
  while (!isQuiet() && stage.clock.nowMs() < untilMs) {
    setEnabled(stage, everyMinute, false);
    await stage.time.until(isQuiet, 50 * minuteMs);
    setEnabled(stage, everyMinute, true);
    await stage.time.until(isQuiet, 10 * minuteMs);
  }
}

const changes = ({ calls }: Stage): number =>
  calls.mutating().filter(({ call }) => call.caller.name.startsWith('function:') && call.service !== 'lambda').length;
