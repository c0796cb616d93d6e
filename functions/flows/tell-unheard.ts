/** Addresses that get no mail: those who get some are told, once for each that is new; where nobody hears of failures, an alarm says so. */
import { createHash } from 'node:crypto';
import { mailUnheard } from '#domain/mail/unheard.ts';
import { untoldOf } from '#domain/mail-addresses.ts';
import { readUnheard, writeUnheard } from '#ledger/watches.ts';
import { deployedPolicy } from '#platform/deployed-policy.ts';
import { environment } from '#platform/environment.ts';
import { count } from '#platform/metrics.ts';
import { lookAtSubscriptions } from './look-at-subscriptions.ts';
import { tellEverybody } from './tell-everybody.ts';

export async function tellUnheard(now: string): Promise<void> {
  const policy = deployedPolicy();
  const unheard = await lookAtSubscriptions(policy, environment.topic);
  const untold = untoldOf(policy, unheard);
  // The alarm NobodyTold watches this metric.
  if (untold.length > 0) count('NobodyTold');
  const seen = unheard.map(({ topic, address }) => `${topic} ${address}`).toSorted();
  const told = await readUnheard();
  if (JSON.stringify(seen) === JSON.stringify(told?.seen ?? [])) return;
  if (seen.some((each) => told?.seen.includes(each) !== true)) {
    // The same however often it is tried, and another one when the same address is lost again.
    const mark = createHash('sha256')
      .update(JSON.stringify([told, seen]))
      .digest('hex')
      .slice(0, 16);
    await tellEverybody(`unheard/${mark}`, now, mailUnheard(unheard, untold));
  }
  await writeUnheard({ seen, at: now });
}
