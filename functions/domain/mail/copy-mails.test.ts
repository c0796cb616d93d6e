import { describe, expect, it } from 'vitest';
import type { RpoState } from '../expectation.ts';
import type { PointCopy } from '../point-copy.ts';
import { samplePoint, sampleWorkload } from '../samples-for-tests.ts';
import { copyBehind, copyCaughtUp, copyFailed } from './copy-mails.ts';
import { digest } from './digest.ts';
import type { Mail } from './layout.ts';

// Every mail in full, as in mail-texts.test.ts: each word is behaviour.

const region = 'eu-central-1';
const point = samplePoint('2026-11-20T03:00:00.000Z');
const about = { workload: sampleWorkload(), newestPoint: point, nowMs: Date.parse('2026-11-21T03:05:00.000Z') };
const copied = (copy: Partial<PointCopy>) => ({
  ...point,
  copy: { region, key: 'arn:key', state: 'failed', parts: [], ...copy } as const,
});
const hours = 3_600_000;
const met: RpoState = { state: 'met', ageMs: 25 * hours, rpoMs: 52 * hours, remainingMs: 27 * hours };
const past: RpoState = { state: 'missed', ageMs: 54 * hours, rpoMs: 52 * hours, overdueMs: 2 * hours };

const letter = ({ subject, body }: Mail) => `${subject}\n\n${body}`;

describe('a copy in another Region', () => {
  it('that could not be made', () => {
    expect(letter(copyFailed({ ...about, point: copied({}), problem: 'The key is disabled.' }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: the copy of a point in eu-central-1 FAILED; the point itself is whole

      APPLICATION: not concerned. The point can be recovered from here; only its copy elsewhere cannot be used.

      What failed: the copy of point orders-db-20261120T030000Z of 2026-11-20 03:00 UTC in eu-central-1. Copies are one set or none. In the words of the error:
          > The key is disabled.

      What there is of it in eu-central-1 is deleted within hours. Mend what is in its way; the next point is copied by itself, and Holdfast does not try this one again.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      What keeps copies from working, and which there are:
          npx holdfast doctor orders-db
          npx holdfast points orders-db --evidence
      "
    `);
  });

  it('that has lost a part', () => {
    const lost = copied({ wholeAt: '2026-11-20T06:00:00.000Z' });
    expect(letter(copyFailed({ ...about, point: lost, problem: 'snap-9 is gone' }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: the copy of a point in eu-central-1 is not whole any more; the point is

      APPLICATION: not concerned. The point can be recovered from here; only its copy elsewhere cannot be used.

      What is broken: the copy of point orders-db-20261120T030000Z of 2026-11-20 03:00 UTC in eu-central-1. Copies are one set or none. In the words of the error:
          > snap-9 is gone

      Somebody, or a rule of somebody’s, deletes snapshots there: CloudTrail of that Region says who. What is left of it stays until its time is over.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      What keeps copies from working, and which there are:
          npx holdfast doctor orders-db
          npx holdfast points orders-db --evidence
      "
    `);
  });

  it('of which the record does not say where it is', () => {
    expect(copyFailed({ ...about, point, problem: 'no' }).subject).toMatchInlineSnapshot(
      `"[Holdfast] orders-db: the copy of a point in another Region FAILED; the point itself is whole"`,
    );
  });
});

describe('copies in another Region', () => {
  it('that are older than the policy allows', () => {
    const standing = { region, newest: copied({ state: 'whole' }), rpo: past, isBehind: true };
    expect(letter(copyBehind({ ...about, standing }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: its copies in eu-central-1 are BEHIND

      APPLICATION: not concerned. Points are sealed here as before; a loss of this Region would cost more than the policy says.

      Newest whole copy in eu-central-1: orders-db-20261120T030000Z, taken 2026-11-20 03:00 UTC, PAST the 2 d 4 h that the policy allows it by 2 h

      The usual causes: a copy failed (a mail of its own tells why), the key there is disabled, or more changes in a day than is copied in one.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      What keeps copies from working, and which there are:
          npx holdfast doctor orders-db
          npx holdfast points orders-db --evidence
      "
    `);
  });

  it('of which there is no whole one', () => {
    const standing = { region, rpo: { state: 'none', rpoMs: 52 * hours }, isBehind: true } as const;
    expect(copyBehind({ ...about, standing }).body.split('\n\n')[1]).toMatchInlineSnapshot(
      `"Newest whole copy in eu-central-1: NONE."`,
    );
  });

  it('that are new enough again', () => {
    const standing = { region, newest: copied({ state: 'whole' }), rpo: met, isBehind: false };
    const caughtUp = copyCaughtUp({ ...about, standing, sinceAt: '2026-11-20T05:00:00.000Z' });
    expect(letter(caughtUp)).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: its copies in eu-central-1 are as new as they should be again

      APPLICATION: not concerned.

      They were behind since 2026-11-20 05:00 UTC.
      Newest whole copy in eu-central-1: orders-db-20261120T030000Z, taken 2026-11-20 03:00 UTC, within the 2 d 4 h that the policy allows it

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent
      "
    `);
  });

  it('are in the digest', () => {
    const copies = { region, newest: copied({ state: 'whole' }), rpo: met, isBehind: false };
    const { body } = digest({ day: '2026-11-21', entries: [{ ...about, sealed: [], copies }] });
    expect(body.split('\n\n')[1]).toMatchInlineSnapshot(`
      "orders-db: no new point
      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent
      Newest whole copy in eu-central-1: orders-db-20261120T030000Z, taken 2026-11-20 03:00 UTC, within the 2 d 4 h that the policy allows it"
    `);
  });
});
