/** Whether the Region's pending-snapshot slots keep up with what is planned. */
import { durationWords } from '#domain/duration.ts';
import { type Forecast, forecast } from '#domain/forecast.ts';
import { completionSeconds, pendingPerRegion } from '#providers/index.ts';
import { problemOf } from './aws-problems.ts';
import type { Planned } from './plan.ts';
import { plannedVolumes } from './planned-volumes.ts';
import { untouched } from './problem.ts';

/** Of volumes that were never backed up. */
const assumedSeconds = 300;

export interface Ahead extends Forecast {
  readonly secondsEach: number;
  /** True when nothing has been backed up yet from which to tell. */
  readonly isAssumed: boolean;
}

export async function lookAhead(plans: readonly Planned[], nowMs: number): Promise<Ahead> {
  const volumes = plans.map(({ found }) => plannedVolumes(found.plan));
  const measured = await completionSeconds(volumes.flat().map(({ volume }) => volume)).catch((error: unknown) => {
    throw problemOf(error, untouched);
  });
  const secondsEach = Math.max(1, Math.round(measured ?? assumedSeconds));
  const demands = plans.map(({ workload }, index) => ({ workload, slots: volumes[index]?.length ?? 0 }));
  const found = forecast(demands, { nowMs, limit: pendingPerRegion, secondsEach });
  return { ...found, secondsEach, isAssumed: measured === undefined };
}

/** A line for each time at which somebody has to wait. */
export const aheadWords = ({ times, secondsEach, isAssumed }: Ahead): readonly string[] =>
  times
    .filter(({ snapshots }) => snapshots > pendingPerRegion)
    .map(
      ({ schedule, workloads, snapshots, lastCompleteMs }) =>
        `${workloads.length} workloads are due at ${schedule.expression} ${schedule.timeZone}: ${snapshots} snapshots, ${pendingPerRegion} at a time, ${secondsEach} s each${isAssumed ? ' (assumed: there is none yet to tell from)' : ''}. The last is complete about ${durationWords(lastCompleteMs)} later.`,
    );
