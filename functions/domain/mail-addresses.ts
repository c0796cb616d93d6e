/** Who is told of what, and which of them hear nothing of it: SNS mails nobody who has not confirmed, or has unsubscribed, and says so to nobody. */
import type { Policy } from './policy.ts';

export type Audience = 'failures' | 'reports';
/** `alarms`: what Holdfast itself could not mail about, told to everybody who is told of failures. */
export const topicNames = ['failures', 'reports', 'alarms'] as const;
export type TopicName = (typeof topicNames)[number];

type Told = Pick<Policy, 'workloads'>;

/** A subscription by mail. */
export interface Subscription {
  readonly address: string;
  readonly isConfirmed: boolean;
}

/** An address that the policy names for a topic, and that gets nothing from it. */
export interface Unheard {
  readonly topic: TopicName;
  readonly address: string;
  readonly state: 'unconfirmed' | 'unsubscribed';
  /** That it should be told of. */
  readonly workloads: readonly string[];
}

/** Each address with the names of the workloads it is told of. */
export function addressesOf({ workloads }: Told, audience: Audience): ReadonlyMap<string, string[]> {
  const addresses = new Map<string, string[]>();
  for (const { name, mail } of workloads) {
    for (const address of new Set(mail[audience])) {
      addresses.set(address, [...(addresses.get(address) ?? []), name]);
    }
  }
  return addresses;
}

/**
 * Values that a filter policy may hold; beyond them it is better to tell too much than nothing.
 * https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
const filterValuesLimit = 150;

/** @returns the workloads that a subscription is filtered by; undefined: it gets all */
export const filterOf = ({ workloads }: Told, told: readonly string[]): readonly string[] | undefined =>
  told.length === workloads.length || told.length > filterValuesLimit ? undefined : told;

export const unheardOf = (
  policy: Told,
  subscriptions: Readonly<Record<TopicName, readonly Subscription[]>>,
): readonly Unheard[] =>
  topicNames.flatMap((topic) => {
    const audience = topic === 'alarms' ? 'failures' : topic;
    return [...addressesOf(policy, audience)].flatMap(([address, workloads]) => {
      const own = subscriptions[topic].filter((each) => each.address.toLowerCase() === address.toLowerCase());
      if (own.some(({ isConfirmed }) => isConfirmed)) return [];
      return [{ topic, address, workloads, state: own.length === 0 ? 'unsubscribed' : 'unconfirmed' } as const];
    });
  });

/** @returns the workloads of whose failures nobody at all hears, though the policy names somebody */
export function untoldOf({ workloads }: Told, unheard: readonly Unheard[]): readonly string[] {
  const silent = new Set(unheard.flatMap(({ topic, address }) => (topic === 'failures' ? [address] : [])));
  return workloads
    .filter(({ mail }) => mail.failures.length > 0 && mail.failures.every((address) => silent.has(address)))
    .map(({ name }) => name);
}

const stateWords = { unconfirmed: 'has not confirmed', unsubscribed: 'is not subscribed' } as const;

/** `ops@example.com gets no mail of failures: it has not confirmed` */
export const unheardWords = ({ topic, address, state }: Unheard): string =>
  `${address} gets no mail of ${topic}: it ${stateWords[state]}`;
