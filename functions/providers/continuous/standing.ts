/** Pure: what a continuous backup is good for now. */
import type { Artifact } from '#domain/artifact.ts';
import { durationWords } from '#domain/duration.ts';
import type { Workload } from '#domain/policy.ts';
import type { ContinuousService, Moment, RestoreWindow } from './continuous-service.ts';

/** Services say "typically five minutes"; RDS stores logs every five. */
const mostLagMs = 30 * 60_000;

export type Standing = Pick<Artifact, 'state' | 'problem'>;

/** @returns `completed` once the moment can be brought back, `gone` when it cannot any more */
export function standingOf(kind: string, { id, name, at }: Moment, window: RestoreWindow | undefined): Standing {
  const of = `the continuous backup of ${kind} ${name} (${id})`;
  if (window === undefined) {
    return { state: 'gone', problem: `${of} is gone: switched off, or deleted with what it was of` };
  }
  const { earliestAt, latestAt, days } = window;
  if (earliestAt !== undefined && earliestAt > at) {
    return { state: 'gone', problem: `${of} is kept ${days} days and reaches back to ${earliestAt}, not to ${at}` };
  }
  return { state: latestAt !== undefined && latestAt > at ? 'completed' : 'pending' };
}

/** Why no moment may be pinned: refusals end the run before anything is held still; `busy` passes. */
export interface Readiness {
  readonly refusals: readonly string[];
  readonly busy?: string;
}

export function readinessOf(
  { kind, lines }: Pick<ContinuousService, 'kind' | 'lines'>,
  name: string,
  window: RestoreWindow | undefined,
  { name: workload, retention }: Workload,
  nowMs: number,
): Readiness {
  const keep = lines.keep(name, retention.days);
  if (window === undefined) {
    return {
      refusals: [
        `${kind} ${name} keeps no continuous backup, so no moment of it can be brought back. Switch it on, which may stop its storage for seconds: ${keep}`,
      ],
    };
  }
  const { days, latestAt } = window;
  const tooShort =
    days < retention.days
      ? [
          `${kind} ${name} keeps its continuous backup ${days} days, and the points of ${workload} are kept ${retention.days}. Keep it as long: ${keep}`,
        ]
      : [];
  if (latestAt === undefined) return { refusals: tooShort, busy: `${kind} ${name} is making its first backup.` };
  const lagMs = nowMs - Date.parse(latestAt);
  if (lagMs <= mostLagMs) return { refusals: tooShort };
  const stale = `${kind} ${name} can be brought back up to ${latestAt} only, ${durationWords(lagMs)} ago, where a few minutes are usual: what is written now may never be in it. See why: ${lines.examine(name)}`;
  return { refusals: [...tooShort, stale] };
}
