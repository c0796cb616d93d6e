import { expect, it } from 'vitest';
import { deadLettersWait } from './dead-letters.ts';

const queue = 'https://sqs.eu-west-1.amazonaws.com/111122223333/holdfast-dead';

it('one event that nobody could handle', () => {
  const { subject, body } = deadLettersWait(1, queue);
  expect(`${subject}\n\n${body}`).toMatchInlineSnapshot(`
    "[Holdfast] 1 event FAILED in every attempt: dead letters

    APPLICATIONS: not held by this. What is held still is let go by the sweep of every minute, as ever.

    1 event in the queue of dead letters failed in every attempt. What sweeps do is done by the next one; a scheduled backup that was
    never begun has a mail of its own. To see what failed, and why:
        aws sqs receive-message --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/holdfast-dead --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All

    Do not send them again: their time has passed. When the cause is gone, empty the queue, so that the next one is heard:
        aws sqs purge-queue --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/holdfast-dead
    Until then this is told once a day. How the workloads stand:
        npx holdfast status
    "
  `);
});

it('several are counted', () => {
  const { subject, body } = deadLettersWait(3, queue);
  expect(subject).toBe('[Holdfast] 3 events FAILED in every attempt: dead letters');
  expect(body).toContain('\n\n3 events in the queue of dead letters failed in every attempt.');
});
