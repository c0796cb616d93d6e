/** The mail about events that nobody could handle: of no workload, so it is told to everybody who is told of failures. */
import { command, compose, indented, type Mail } from './layout.ts';

/** @param count at least 1 */
export function deadLettersWait(count: number, queueUrl: string): Mail {
  const queue = `--queue-url ${queueUrl}`;
  const events = count === 1 ? '1 event' : `${count} events`;
  return compose(`${events} FAILED in every attempt: dead letters`, [
    ['APPLICATIONS: not held by this. What is held still is let go by the sweep of every minute, as ever.'],
    [
      `${events} in the queue of dead letters failed in every attempt. What sweeps do is done by the next one; a scheduled backup that was`,
      'never begun has a mail of its own. To see what failed, and why:',
      indented(
        `aws sqs receive-message ${queue} --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All`,
      ),
    ],
    [
      'Do not send them again: their time has passed. When the cause is gone, empty the queue, so that the next one is heard:',
      indented(`aws sqs purge-queue ${queue}`),
      'Until then this is told once a day. How the workloads stand:',
      command('status'),
    ],
  ]);
}
