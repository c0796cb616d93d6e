import { type TopicName, type Unheard, unheardOf } from '#domain/mail-addresses.ts';
import type { Policy } from '#domain/policy.ts';
import { asFault } from '#platform/aws-errors.ts';
import { sns } from '#platform/clients/sns.ts';

/** Which of the policy's addresses get nothing, by the subscriptions as SNS has them now. */
export async function lookAtSubscriptions(
  policy: Pick<Policy, 'workloads'>,
  arnOf: (topic: TopicName) => string,
): Promise<readonly Unheard[]> {
  const subscribed = async (topic: TopicName) => {
    try {
      return await sns().subscriptionsOf(arnOf(topic));
    } catch (error) {
      throw asFault(error, `asking who is subscribed to ${topic}`);
    }
  };
  const [failures, reports, alarms] = await Promise.all([
    subscribed('failures'),
    subscribed('reports'),
    subscribed('alarms'),
  ]);
  return unheardOf(policy, { failures, reports, alarms });
}
