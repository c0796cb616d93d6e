/** Which point a recovery uses. */
import { byDistance } from './closest.ts';
import type { Point } from './point.ts';
import type { RecoveryRequest } from './recovery.ts';
import { isTrusted, livePoints } from './retention.ts';

export type Selection = { readonly point: Point } | { readonly refusal: string };

/**
 * @param points a workload's points, in any order; retired and unsealed ones are never chosen
 * @param request `point`: an id or `latest` (default); `before`: ISO time, the newest point taken before it
 * @returns the point, or one sentence for the operator on why there is none
 */
export function selectPoint(
  points: readonly Point[],
  request: Pick<RecoveryRequest, 'workload' | 'point' | 'before'>,
): Selection {
  const wanted = request.point ?? 'latest';
  const usable = livePoints(points);
  if (wanted !== 'latest') {
    return request.before === undefined
      ? named(wanted, points, usable)
      : { refusal: 'Name a point or a time that it must be before, not both.' };
  }
  const newest = preferredOf(usable);
  if (newest === undefined) return { refusal: `There is no sealed recovery point of "${request.workload}".` };
  return request.before === undefined ? { point: newest } : newestBefore(request.before, usable);
}

/** The newest; one whose own times contradict each other only where there is no other. @param points newest first */
const preferredOf = (points: readonly Point[]): Point | undefined => points.find(isTrusted) ?? points[0];

function named(id: string, points: readonly Point[], usable: readonly Point[]): Selection {
  const usablePoint = usable.find((candidate) => candidate.id === id);
  if (usablePoint !== undefined) return { point: usablePoint };
  const known = points.find((candidate) => candidate.id === id);
  if (known?.retire !== undefined) return { refusal: `Point ${id} was retired (${known.retire.reason}).` };
  if (known?.broken !== undefined) return { refusal: `Point ${id} is broken: ${known.broken.problem}.` };
  if (known !== undefined) return { refusal: `Point ${id} is not sealed.` };
  const nearest = byDistance(
    id,
    usable.map((candidate) => candidate.id),
  ).slice(0, 3);
  const hint = nearest.length === 0 ? 'There are no points at all.' : `The nearest are ${nearest.join(', ')}.`;
  return { refusal: `There is no point ${id}. ${hint}` };
}

function newestBefore(before: string, usable: readonly Point[]): Selection {
  const limitMs = Date.parse(before);
  if (Number.isNaN(limitMs)) return { refusal: `"${before}" is not a time such as 2026-11-21T03:00:00Z.` };
  const found = preferredOf(usable.filter((point) => Date.parse(point.takenAt) < limitMs));
  const oldest = usable.at(-1);
  if (found !== undefined) return { point: found };
  return { refusal: `No point was taken before ${before}; the oldest is ${oldest?.id}, of ${oldest?.takenAt}.` };
}
