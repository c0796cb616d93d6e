import { Readable } from 'node:stream';
import { DescribeDomainCommand, DescribeDomainHealthCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest, HttpResponse } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { anotherSnapshot, opensearchOver } from './opensearch.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
const ours = { region: 'eu-west-1', credentials: async () => credentials };
const host = 'search-evidence-abc.eu-west-1.es.amazonaws.com';
const path = '/_snapshot/nightly/holdfast-one';
const anything = z.object({});

beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

type Answer = readonly [status: number, body: unknown];

/** Answers in order, then the last again. */
function answering(...answers: readonly Answer[]) {
  const sent: HttpRequest[] = [];
  const handle = async (request: HttpRequest) => {
    const [statusCode, body] = answers[Math.min(sent.length, answers.length - 1)] ?? [200, {}];
    sent.push(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { response: new HttpResponse({ statusCode, headers: {}, body: Readable.from([Buffer.from(text)]) }) };
  };
  return { sent, requestHandler: { handle } };
}

const refusal = (type: string, status: number): Answer => [
  status,
  { error: { type, reason: 'in words', caused_by: { type: 'other', reason: 'the cause' } }, status },
];
const asked = (...answers: readonly Answer[]) => {
  const { sent, requestHandler } = answering(...answers);
  const client = opensearchOver({ ...ours, requestHandler });
  return { sent, asking: client.ask({ host, method: 'PUT', path, body: { indices: '*' } }, anything) };
};

describe('what is asked of OpenSearch Service', () => {
  it.each([
    ['DescribeDomain', () => new DescribeDomainCommand({ DomainName: 'evidence' })],
    ['DescribeDomainHealth', () => new DescribeDomainHealthCommand({ DomainName: 'evidence' })],
  ] as const)('says what the SDK’s own client says: %s', async (name, command) => {
    const { sent, requestHandler } = answering([200, { DomainStatus: {}, ClusterHealth: 'Green' }]);
    const mine = opensearchOver({ ...ours, requestHandler });
    await (name === 'DescribeDomain' ? mine.describeDomain('evidence') : mine.healthOf('evidence'));
    await new OpenSearchClient({ ...ours, requestHandler }).send(command() as DescribeDomainCommand);
    const [one, other] = sent.map(({ method, hostname, path: where, headers }) => ({
      ...{ method, hostname, where },
      scope: /Credential=AKIATEST\/\d+\/([^,]+)/.exec(headers.authorization ?? '')?.[1],
    }));
    expect(one).toEqual(other);
  });
});

describe('what is asked of a domain', () => {
  it('goes to its own address, signed as AWS signs for the service es', async () => {
    const { sent, asking } = asked([200, { accepted: true }]);
    await asking;
    const [request] = sent;
    if (request === undefined) throw new Error('nothing was sent');
    const { authorization, ...headers } = request.headers;
    expect(request).toMatchObject({ protocol: 'https:', hostname: host, method: 'PUT', path });
    const time = (headers['x-amz-date'] ?? '').replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5');
    const means = { credentials, region: 'eu-west-1', service: 'es', sha256: Sha256, applyChecksum: false };
    const theirs = await new SignatureV4(means).sign(new HttpRequest({ ...request, headers }), {
      signingDate: new Date(time),
    });
    expect(authorization).toBe(theirs.headers.authorization);
  });

  it.each([
    [
      'OpenSearch’s own type',
      refusal('snapshot_missing_exception', 404),
      'snapshot_missing_exception',
      'in words: the cause',
    ],
    [
      'IAM’s refusal',
      [403, { Message: 'User: x is not authorized' }] as const,
      'AccessDeniedException',
      'User: x is not',
    ],
    ['what a proxy says', [413, '<html>too large</html>'] as const, 'UnknownError', 'HTTP status 413'],
  ])('fails with %s as its name, and says why', async (_, answer, name, words) => {
    const { sent, asking } = asked(answer);
    await expect(asking).rejects.toMatchObject({ name, message: expect.stringContaining(words) });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a gateway that has waited too long', [504, 'GATEWAY_TIMEOUT'] as const],
    ['too many requests', [429, 'Too Many Requests'] as const],
    ['another snapshot', refusal('concurrent_snapshot_execution_exception', 503)],
  ])('is asked again after %s', async (_, answer) => {
    const { sent, asking } = asked(answer, [200, {}]);
    await asking;
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['another snapshot, by its name', refusal('concurrent_snapshot_execution_exception', 429), anotherSnapshot],
    ['too much, by AWS’s name', refusal('rejected_execution_exception', 429), 'TooManyRequestsException'],
  ])('tells, when every attempt was refused for it, of %s', async (_, answer, name) => {
    await expect(asked(answer).asking).rejects.toMatchObject({ name });
  });
});
