import { expect, it } from 'vitest';
import { samplePoint, sampleWorkload } from '../samples-for-tests.ts';
import { keysUnusable, keysUsable } from './key-mails.ts';

const newestPoint = samplePoint('2026-11-21T03:00:00.000Z');
const about = { workload: sampleWorkload(), newestPoint, nowMs: Date.parse('2026-11-21T07:00:00.000Z') };
const key = (state: string) => ({ key: `arn:of:${state}`, state, points: 3, of: 30 });

it('of keys in every state tells what brings each back', () => {
  const { subject, body } = keysUnusable({
    ...about,
    keys: [key('PendingDeletion'), key('Disabled'), key('missing'), key('Unavailable')],
  });
  expect(`${subject}\n\n${body}`).toMatchInlineSnapshot(`
    "[Holdfast] orders-db: recovery points CANNOT BE DECRYPTED, their KMS key cannot be used

    APPLICATION: not concerned as long as it runs: attached volumes need the key no more. Once its instance is stopped, it does not start again.
    Backups go on, and look good; but nothing that is encrypted with the key can be recovered.

    3 of 30 points need this key:
        > arn:of:PendingDeletion is PendingDeletion
    Bring it back, now:
        aws kms cancel-key-deletion --key-id arn:of:PendingDeletion
        aws kms enable-key --key-id arn:of:PendingDeletion

    3 of 30 points need this key:
        > arn:of:Disabled is Disabled
    Bring it back:
        aws kms enable-key --key-id arn:of:Disabled

    3 of 30 points need this key:
        > arn:of:missing is missing
    It does not exist any more, and nothing brings it back.

    3 of 30 points need this key:
        > arn:of:Unavailable is Unavailable
    What it lacks:
        aws kms describe-key --key-id arn:of:Unavailable

    WHEN A KEY IS DELETED, EVERYTHING UNDER IT IS LOST FOR EVER, whatever the retention says. KMS waits for 7 to 30 days from when the deletion was asked for.

    Newest good point: orders-db-20261121T030000Z
        taken 2026-11-21 03:00 UTC, 4 h ago, within the RPO of 26 h; application-consistent

    Holdfast looks every day, and says when they can be used again. The points:
        npx holdfast points orders-db
    "
  `);
});

it('of keys that are not about to be deleted says nothing of that', () => {
  expect(keysUnusable({ ...about, keys: [key('Disabled')] }).body).not.toContain('FOR EVER');
});

it('of keys that can be used again says since when they could not', () => {
  const { subject, body } = keysUsable({ ...about, sinceAt: '2026-11-20T07:00:00.000Z' });
  expect(`${subject}\n\n${body}`).toMatchInlineSnapshot(`
    "[Holdfast] orders-db: the keys of its recovery points can be used again

    APPLICATION: not concerned.

    They could not be used since 2026-11-20 07:00 UTC, when it was first seen. All points can be decrypted now.

    Newest good point: orders-db-20261121T030000Z
        taken 2026-11-21 03:00 UTC, 4 h ago, within the RPO of 26 h; application-consistent
    "
  `);
});
