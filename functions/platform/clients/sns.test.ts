import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LoopbackService, loopbackService } from '../aws/loopback-service.ts';
import { snsOver } from './sns.ts';

const topic = 'arn:aws:sns:eu-west-1:1:failures';
const settings = { region: 'eu-west-1', credentials: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret' }) };
const member = (endpoint: string, arn: string, protocol = 'email') =>
  `<member><TopicArn>${topic}</TopicArn><Protocol>${protocol}</Protocol><SubscriptionArn>${arn}</SubscriptionArn><Owner>1</Owner><Endpoint>${endpoint}</Endpoint></member>`;
const page = (members: string, token = '') =>
  `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${members}</Subscriptions>${token && `<NextToken>${token}</NextToken>`}</ListSubscriptionsByTopicResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListSubscriptionsByTopicResponse>`;

let service: LoopbackService | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await service?.close();
});

async function subscriptions(...pages: readonly string[]) {
  const left = [...pages];
  service = await loopbackService(() => ({ status: 200, body: left.shift() ?? '' }));
  vi.stubEnv('AWS_ENDPOINT_URL', service.url);
  return snsOver(settings).subscriptionsOf(topic);
}

describe('subscriptions of a topic', () => {
  it('are none, one or several', async () => {
    expect(await subscriptions(page(''))).toEqual([]);
    await service?.close();
    const one = { address: 'a@example.com', isConfirmed: true };
    expect(await subscriptions(page(member('a@example.com', `${topic}:1`)))).toEqual([one]);
    await service?.close();
    const both = member('a@example.com', `${topic}:1`) + member('b@example.com', 'PendingConfirmation');
    expect(await subscriptions(page(both))).toEqual([one, { address: 'b@example.com', isConfirmed: false }]);
  });

  it('come in pages', async () => {
    const found = await subscriptions(
      page(member('a@example.com', `${topic}:1`), 'more+'),
      page(member('b@example.com', `${topic}:2`)),
    );
    expect(found.map(({ address }) => address)).toEqual(['a@example.com', 'b@example.com']);
    expect(new URLSearchParams(service?.received[1]?.body).get('NextToken')).toBe('more+');
  });

  it('are those by mail that are not deleted', async () => {
    const others = member('a@example.com', 'Deleted') + member('arn:aws:sqs:eu-west-1:1:q', `${topic}:1`, 'sqs');
    expect(await subscriptions(page(others))).toEqual([]);
  });
});
