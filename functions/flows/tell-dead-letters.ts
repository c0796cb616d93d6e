/** Dead letters are told once a day for as long as they lie there: their alarm speaks only when the first one comes. */
import { deadLettersWait } from '#domain/mail/dead-letters.ts';
import { sqs } from '#platform/clients/sqs.ts';
import { environment } from '#platform/environment.ts';
import { tellEverybody } from './tell-everybody.ts';

export async function tellDeadLetters(now: string): Promise<void> {
  const queueUrl = environment.deadLetters();
  const count = await sqs().messagesIn(queueUrl);
  if (count === 0) return;
  await tellEverybody(`dead-letters/${now.slice(0, 10)}`, now, deadLettersWait(count, queueUrl));
}
