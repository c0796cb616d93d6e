/** Long stretches of time, Scheduler's outages, and calls of single functions. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { freeSlots, takeSlots } from '#ledger/reservations.ts';
import type { ServiceEvent } from '#simulator/kernel/service.ts';
import { functionNamed } from './recovering.ts';
import { hourMs, type Stage, subjects } from './stage.ts';

/**
 * From now on each rule on a schedule gets through once in so many hours; the calls in between are lost. Sweeps are
 * level-triggered, so nothing but their promptness may depend on them, and weeks pass in seconds.
 */
export function thinOutSweeps(stage: Stage, everyHours: number): void {
  const passedMs = new Map<string, number>();
  stage.faults.add({
    source: 'aws.events',
    detailType: 'Scheduled Event',
    times: Infinity,
    outcome: 'drop',
    when: (event: ServiceEvent) => {
      const rule = event.resources.join();
      const nowMs = stage.clock.nowMs();
      const isDue = nowMs - (passedMs.get(rule) ?? Number.NEGATIVE_INFINITY) >= everyHours * hourMs;
      if (isDue) passedMs.set(rule, nowMs);
      return !isDue;
    },
  });
}

/** Subjects of Holdfast's own mails: with thinned out sweeps, the alarm about a silent watch is right to go off. */
export const toldBy = (stage: Stage): readonly string[] =>
  subjects(stage).filter((subject) => subject.startsWith('[Holdfast]'));

/** No rule on a schedule gets through, whose name has these words. Returns a function that ends it. */
export const stopSweep = (stage: Stage, words: string): (() => void) =>
  stage.faults.add({
    source: 'aws.events',
    detailType: 'Scheduled Event',
    times: Infinity,
    outcome: 'drop',
    when: ({ resources }: ServiceEvent) => resources.join().includes(words),
  });

/** Scheduler invokes nothing, as with disabled schedules. Returns a function that enables them again. */
export const stopSchedules = (stage: Stage): (() => void) =>
  stage.faults.add({ source: 'aws.scheduler', times: Infinity, outcome: 'drop' });

/**
 * Invokes a step's function so many times at once.
 * @returns what Lambda says of each that ended in an error; undefined of the others
 */
export async function invokeAtOnce(
  stage: Stage,
  step: string,
  times: number,
): Promise<readonly (string | undefined)[]> {
  const command = { FunctionName: functionNamed(stage, step), Payload: '{}' };
  const replies = await stage.drive(
    Promise.all(Array.from({ length: times }, () => new LambdaClient({}).send(new InvokeCommand(command)))),
  );
  return replies.map(({ FunctionError }) => FunctionError);
}

/** Whether no run holds any of the Region's snapshot slots. */
export async function areAllSlotsFree(stage: Stage): Promise<boolean> {
  const isFree = await stage.drive(takeSlots('probe', 1, { limit: 1, pending: {} }, Date.now()));
  await stage.drive(freeSlots('probe'));
  return isFree;
}
