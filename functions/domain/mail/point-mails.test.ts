import { describe, expect, it } from 'vitest';
import { sampleArtifact, samplePoint, sampleWorkload } from '../samples-for-tests.ts';
import { copyStandsIn } from './copy-stands-in.ts';
import type { Mail } from './layout.ts';
import { pointBroken, pointWhole } from './point-broken.ts';
import { pointContradicts } from './point-contradicts.ts';
import { pointLesser } from './point-lesser.ts';

// Every mail in full, as in mail-texts.test.ts: each word is behaviour.

const newestPoint = samplePoint('2026-11-20T03:00:00.000Z');
const point = samplePoint('2026-11-21T03:00:00.000Z');
const about = { workload: sampleWorkload(), newestPoint, nowMs: Date.parse('2026-11-21T03:05:00.000Z') };
const letter = ({ subject, body }: Mail) => `${subject}\n\n${body}`;
const paragraphs = ({ body }: Mail) => body.split('\n\n');

describe('a point that has lost a part', () => {
  const broken = { ...point, broken: { problem: 'snap-1 is gone', at: '2026-11-21T03:04:00.000Z' } };
  const artifact = sampleArtifact(point.takenAt, { id: 'snap-1' });

  it('that the Recycle Bin may have', () => {
    const missing = [artifact, sampleArtifact(point.takenAt, { id: 'ami-1', kind: 'ami' })];
    expect(letter(pointBroken({ ...about, point: broken, missing }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: a recovery point is BROKEN; a part of it is gone

      APPLICATION: not concerned. Backups go on; but this point cannot be recovered from any more.

      What is broken: point orders-db-20261121T030000Z of 2026-11-21 03:00 UTC. It was whole when it was sealed, and Holdfast has deleted nothing of it.
          > snap-1 is gone

      Somebody, or a rule of somebody’s, deletes snapshots: CloudTrail says who. Until that ends, others may go too.

      If the Recycle Bin of this Region has what is missing, bring it back. Holdfast looks every hour, and offers the point again once it is whole:
          aws ec2 restore-snapshot-from-recycle-bin --snapshot-id snap-1
          aws ec2 restore-image-from-recycle-bin --image-id ami-1

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      What can be recovered, and a fresh point:
          npx holdfast points orders-db
          npx holdfast backup orders-db
      "
    `);
  });

  it('that only its service could have', () => {
    const missing = [sampleArtifact(point.takenAt, { kind: 'rds' })];
    expect(paragraphs(pointBroken({ ...about, point: broken, missing }))[3]).toMatch(/^Newest good point: /);
  });

  it('that was a moment of a continuous backup', () => {
    const missing = [sampleArtifact(point.takenAt, { kind: 'rds', continuous: true })];
    const moment = { ...broken, artifacts: [artifact, ...missing] };
    expect(paragraphs(pointBroken({ ...about, point: moment, missing }))[2]).toMatchInlineSnapshot(
      `"Somebody, or a rule of somebody’s, deletes snapshots, or has shortened, switched off or deleted a continuous backup: CloudTrail says who. Until that ends, others may go too."`,
    );
  });

  it('that nobody has written down', () => {
    expect(pointBroken({ ...about, point, missing: [] }).body).toContain(
      '    > The record does not say what is missing.\n',
    );
  });

  it('and has it again', () => {
    expect(letter(pointWhole({ ...about, point }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: a recovery point is whole again

      APPLICATION: not concerned. The point can be recovered from as before.

      What is whole: point orders-db-20261121T030000Z of 2026-11-21 03:00 UTC. Every part of it is there and complete; it counts, and is retired, as before.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      What can be recovered:
          npx holdfast points orders-db
      "
    `);
  });

  it('that a copy under another key stands in for', () => {
    const lost = { point, copy: 'holdfast-a-copy', problem: 'snapshot holdfast-a is gone' };
    expect(letter(copyStandsIn({ ...about, ...lost }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: a point has lost a snapshot; its copy stands in for it

      APPLICATION: not concerned. Backups go on, and the point can be recovered from: a recovery takes the copy.

      What is lost: of point orders-db-20261121T030000Z of 2026-11-21 03:00 UTC, and nothing that Holdfast has deleted. The copy is all that is left of it.
          > snapshot holdfast-a is gone; the copy is holdfast-a-copy

      Somebody, or a rule of somebody’s, deletes snapshots: CloudTrail says who. Until that ends, the copy may go too, and the point with it.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      What can be recovered, and a fresh point:
          npx holdfast points orders-db --evidence
          npx holdfast backup orders-db
      "
    `);
  });
});

describe('a point whose times contradict each other', () => {
  const doubtful = (count: number) => ({
    ...point,
    contradictions: Array.from({ length: count }, (_, index) => `The times disagree: snap-${index + 1}.`),
  });

  it('is told with each contradiction', () => {
    const mail = pointContradicts({ ...about, doubtful: [doubtful(1)], point: doubtful(1) });
    expect(letter(mail)).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: a recovery point CONTRADICTS its own times; application released

      APPLICATION: released. Nothing of Holdfast holds it still.

      What is wrong: point orders-db-20261121T030000Z of 2026-11-21 03:00 UTC is sealed as crash-consistent. The run has held still, taken and let go in order; but AWS has other times:
          > The times disagree: snap-1.

      A clock may be wrong, or somebody else may have made these snapshots. A recovery takes the newest point that has no such trouble;
      this one only where it is named with --point, or where there is no other.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent
      DOUBTFUL, and not counted: orders-db-20261121T030000Z
          taken 2026-11-21 03:00 UTC; its times contradict each other, so nobody knows of which moment it is

      Look at its evidence, and take another:
          npx holdfast points orders-db --evidence
          npx holdfast backup orders-db
      "
    `);
  });

  it('is told with ten of them at most, and how many more there are', () => {
    const [, ten] = paragraphs(pointContradicts({ ...about, point: doubtful(10) }));
    expect(ten).toContain('snap-10.');
    expect(ten).not.toContain('more');
    const [, eleven] = paragraphs(pointContradicts({ ...about, point: doubtful(11) }));
    expect(eleven).not.toContain('snap-11.');
    expect(eleven).toMatch(/\nAnd 1 more\.$/);
  });

  it('counts only the newest of several as what is there, and is not all there is to recover from', () => {
    const older = { ...doubtful(1), id: 'older' };
    const { newestPoint: _, ...none } = about;
    const mail = pointContradicts({ ...none, doubtful: [doubtful(1), older], point: doubtful(1) });
    expect(paragraphs(mail)[3]).toMatchInlineSnapshot(`
      "Newest good point: NONE. There is nothing else to recover from than this.
      DOUBTFUL, and not counted: orders-db-20261121T030000Z, the newest of 2
          taken 2026-11-21 03:00 UTC; its times contradict each other, so nobody knows of which moment it is"
    `);
  });
});

describe('a point that has less than the one before', () => {
  const lesser = { ...point, verdict: { consistency: 'crash-consistent' as const, evidence: ['The timer let go.'] } };
  const volumes = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      sampleArtifact(newestPoint.takenAt, { id: `snap-${at}`, source: `vol-${at}` }),
    );

  it('is told with what is missing, and why', () => {
    const losses = { before: newestPoint, isLessConsistent: true, missing: volumes(2) };
    expect(letter(pointLesser({ ...about, newestPoint: lesser, point: lesser, losses }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: a recovery point is LESS than the one before

      APPLICATION: not concerned. The point is sealed, and can be recovered from.

      What is less: point orders-db-20261121T030000Z of 2026-11-21 03:00 UTC, than orders-db-20261120T030000Z of 2026-11-20 03:00 UTC.

      It is crash-consistent, and that one is application-consistent. Why:
          > The timer let go.

      It has fewer parts: the workload’s selectors no longer find all that they did. Not in it:
          > ebs vol-0 (there it is snap-0)
          > ebs vol-1 (there it is snap-1)

      If the policy, or what it selects, was changed to that, all is well. This is told once: the next point is compared with this one.
      If not, a recovery of what is missing takes the other: --point orders-db-20261120T030000Z

      Newest good point: orders-db-20261121T030000Z
          taken 2026-11-21 03:00 UTC, 5 min ago, within the RPO of 26 h; crash-consistent

      What each point is and why, what a run would take now, and a fresh point:
          npx holdfast points orders-db --evidence
          npx holdfast plan orders-db
          npx holdfast backup orders-db
      "
    `);
  });

  it('of which many parts are missing, or none', () => {
    const losses = { before: newestPoint, isLessConsistent: false, missing: volumes(12) };
    const { body } = pointLesser({ ...about, point, losses });
    expect(body).toMatch(/> ebs vol-9 \(there it is snap-9\)\nAnd 2 more\.\n/);
    expect(body).not.toContain('Why:');
    expect(pointLesser({ ...about, point, losses: { ...losses, missing: volumes(10) } }).body).not.toContain('more.');
    expect(pointLesser({ ...about, point, losses: { ...losses, missing: [] } }).body).not.toContain('fewer');
  });
});
