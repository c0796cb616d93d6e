/** How a scenario passes when nothing goes wrong but what it is about, and how long it is waited for where something does. */
import type { RecoveryRequest } from '#domain/recovery.ts';
import { executions, hourMs, minuteMs, type Stage } from '../scenario/stage.ts';
import { hasSettled } from './outcome.ts';
import { recoveryName } from './scenario.ts';
import { dozeLightlyUntil, dozeUntil, untilNothingHappens } from './sleep.ts';
import { stepOf } from './step-of.ts';

/** A minute and a half before the schedule. */
export const startMs = Date.UTC(2026, 0, 15, 2, 58, 30);
/** The longest that a night may stay open before its point is late: the RPO, and the watch's hour. */
const lateMs = 28 * hourMs;

/** The watch expects runs from its first look on: that a deployment wakes it for. */
export async function watchOnce({ time, services: { lambda } }: Stage): Promise<void> {
  await time.until(() => lambda.invocations.some(({ functionName }) => stepOf(functionName) === 'Watch'), minuteMs);
}

/** A night that is not over within the hour waits for nothing but its day's end: of the hours until then sweeps see ten minutes each. */
async function untilSettled(stage: Stage): Promise<void> {
  const isOver = () => hasSettled(stage);
  const leftMs = (untilMs: number) => startMs + untilMs - stage.clock.nowMs();
  await stage.time.until(isOver, hourMs);
  while (!isOver() && leftMs(23 * hourMs) > 0) {
    await dozeUntil(stage, stage.clock.nowMs() + 50 * minuteMs);
    await stage.time.until(isOver, 10 * minuteMs);
  }
  await stage.time.until(isOver, leftMs(lateMs));
}

export async function liveNight(stage: Stage): Promise<void> {
  await untilSettled(stage);
  await untilNothingHappens(stage);
  // The watch comes by every hour, and what it owes is reported.
  await dozeUntil(stage, startMs + 57 * minuteMs);
  await dozeLightlyUntil(stage, startMs + 62.5 * minuteMs);
}

export async function liveRecovery(stage: Stage, request: RecoveryRequest): Promise<void> {
  await stage.startExecution(stage.deployed.HoldfastRecover ?? '', request, recoveryName);
  // The guard may begin another one that undoes it.
  await untilNothingHappens(stage, () => executions(stage, 'recover').every(({ status }) => status !== 'RUNNING'));
}
