/** Recovery points as the tags of their artifacts alone tell them: for a lost ledger. */
import type { Artifact } from './artifact.ts';
import type { Point } from './point.ts';
import { tagKeys } from './tags.ts';
import type { Consistency } from './verdict.ts';

export interface Tagged {
  readonly artifact: Artifact;
  readonly tags: Readonly<Record<string, string>>;
}

const consistencies: readonly Consistency[] = ['application-consistent', 'filesystem-consistent', 'crash-consistent'];

/** @returns every whole, sealed point, newest first. A run with an artifact missing, of whatever kind, is no point */
export const pointsFromTags = (workload: string, found: readonly Tagged[]): readonly Point[] =>
  [...Map.groupBy(found, ({ tags }) => tags[tagKeys.run] ?? '')]
    .flatMap(([id, members]) => pointOf(id, workload, members))
    .sort((a, b) => b.takenAt.localeCompare(a.takenAt));

function pointOf(id: string, workload: string, members: readonly Tagged[]): Point[] {
  const consistency = consistencies.find((words) => members.every(({ tags }) => tags[tagKeys.verdict] === words));
  const artifacts = members.map(({ artifact }) => artifact);
  const isWhole =
    members.every(({ tags }) => Number(tags[tagKeys.count]) === members.length) &&
    artifacts.every(({ state }) => state === 'completed');
  if (consistency === undefined || !isWhole) return [];
  const takenAt = artifacts.map(({ startedAt }) => startedAt).sort()[0] ?? '';
  const verdict = { consistency, evidence: ['read from the tags of the artifacts'] };
  return [{ id, workload, takenAt, sealedAt: takenAt, artifacts, verdict, knownBy: 'tags' }];
}
