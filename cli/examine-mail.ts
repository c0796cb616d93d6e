/** Whether the policy's addresses get mail: SNS sends none to who has not confirmed, or has unsubscribed. */
import { filterOf, type TopicName, topicNames, type Unheard, unheardWords } from '#domain/mail-addresses.ts';
import type { Workload } from '#domain/policy.ts';
import { lookAtSubscriptions } from '#flows/look-at-subscriptions.ts';
import { line } from '#providers/ebs/restore/command-line.ts';
import type { Topics } from './connect.ts';
import type { Examination } from './doctor.ts';
import type { Finding } from './finding.ts';

/**
 * @param chosen of all workloads those that are looked at
 * @returns none where the stack is older than this look
 */
export async function examineMail(
  all: readonly Workload[],
  chosen: readonly Workload[],
  topics: Topics,
): Promise<readonly Examination[]> {
  if (chosen.length === 0 || topicNames.some((name) => !topics.has(name))) return [];
  const unheard = await unheardIn(all, topics);
  const own = unheard.filter(({ workloads }) => chosen.some(({ name }) => workloads.includes(name)));
  return [{ subject: 'mail', findings: own.map((each) => findingOf(each, all, topics)) }];
}

export const unheardIn = (workloads: readonly Workload[], topics: Topics): Promise<readonly Unheard[]> =>
  lookAtSubscriptions({ workloads }, (name) => topics.get(name) ?? '');

const fixes = {
  unconfirmed:
    'It has a mail of AWS, "AWS Notification - Subscription Confirmation", with a link. What sends it again:',
  unsubscribed:
    'It has unsubscribed, or is not in the policy that is deployed. What subscribes it, and mails it a link:',
} as const;

const findingOf = (unheard: Unheard, all: readonly Workload[], topics: Topics): Finding => ({
  problem: `${unheardWords(unheard)}.`,
  fix: fixes[unheard.state],
  command: line('sns subscribe', {
    'topic-arn': topics.get(unheard.topic) ?? '',
    protocol: 'email',
    'notification-endpoint': unheard.address,
    ...filterParameter(unheard.topic, filterOf({ workloads: all }, unheard.workloads)),
  }),
});

/** As it is deployed: alarms carry no attributes that could be filtered by. */
const filterParameter = (topic: TopicName, workload: readonly string[] | undefined): Record<string, string> =>
  workload === undefined || topic === 'alarms'
    ? {}
    : { attributes: JSON.stringify({ FilterPolicy: JSON.stringify({ workload }) }) };
