import { describe, expect, it } from 'vitest';
import { leftOverBy, leftOversOf, leftOverWords } from './left-over.ts';
import { sampleArtifact, samplePoint, sampleWorkload } from './samples-for-tests.ts';

const takenAt = '2026-11-20T03:00:00.000Z';
const pointOf = (id: string, ...kinds: readonly string[]) =>
  samplePoint(takenAt, 'crash-consistent', { id, artifacts: kinds.map((kind) => sampleArtifact(takenAt, { kind })) });
const policy = { workloads: [sampleWorkload()] };

describe('a point with parts of a kind that has left the policy', () => {
  it('is one of which any part is of no member’s kind, and of no former kind', () => {
    const isLeft = leftOverBy({ ...policy, formerKinds: ['rds'] });
    expect(isLeft(pointOf('a', 'ebs', 'rds'))).toBe(false);
    expect(isLeft(pointOf('b', 'ebs', 'efs'))).toBe(true);
    expect(leftOverBy(policy)(pointOf('a', 'rds'))).toBe(true);
  });

  it('is listed once a kind, unless it is retired already', () => {
    const retired = { ...pointOf('gone', 'rds'), retire: { reason: 'old', plannedAt: takenAt, doneAt: takenAt } };
    const going = { ...pointOf('going', 'rds'), retire: { reason: 'old', plannedAt: takenAt } };
    const points = [pointOf('both', 'rds', 'efs', 'rds'), pointOf('fine', 'ebs'), retired, going];
    expect(leftOversOf(policy, points)).toEqual([
      { kind: 'rds', points: ['both', 'going'] },
      { kind: 'efs', points: ['both'] },
    ]);
    expect(leftOversOf({ ...policy, formerKinds: ['rds', 'efs'] }, points)).toEqual([]);
  });

  it('is told of with what lets it go', () => {
    expect(leftOverWords({ kind: 'rds', points: ['newest', 'older'] })).toBe(
      '2 points have parts of kind rds, of which the policy has no member any more (the newest is newest). They cost, and nothing retires them: add rds to formerKinds in the policy, and npx cdk deploy.',
    );
    expect(leftOverWords({ kind: 'rds', points: ['newest'] })).toMatch(/^1 point has parts of kind rds,/);
  });
});
