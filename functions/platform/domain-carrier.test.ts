/** How a domain in a VPC is asked: by Lambda's Invoke, whose replies a script gives here. */
import { Readable } from 'node:stream';
import { type HttpRequest, HttpResponse } from '@smithy/core/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { asFault, isAmbiguous } from './aws-errors.ts';
import { opensearchOver } from './clients/opensearch.ts';

const host = 'vpc-evidence-2-0a1b2c.eu-west-1.es.amazonaws.com';
const path = '/_snapshot/nightly/holdfast-one';

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.stubEnv('HOLDFAST_STACK', 'Holdfast');
});
afterEach(() => vi.unstubAllEnvs());

type Answer = readonly [httpStatus: number, payload: unknown];
const carried = (status: number, body: unknown): Answer => [200, { status, body: JSON.stringify(body) }];
const failed = (errorType: string, errorMessage = 'in words'): Answer => [200, { errorType, errorMessage }];

/** In order, then the last again. */
function asked(...answers: readonly Answer[]) {
  const sent: HttpRequest[] = [];
  const handle = async (request: HttpRequest) => {
    const [statusCode, payload] = answers[Math.min(sent.length, answers.length - 1)] ?? [200, {}];
    sent.push(request);
    const body = Readable.from([Buffer.from(JSON.stringify(payload))]);
    return { response: new HttpResponse({ statusCode, headers: {}, body }) };
  };
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' });
  const client = opensearchOver({ region: 'eu-west-1', credentials, requestHandler: { handle } });
  const asking = client.ask({ host, method: 'PUT', path, body: { indices: '*' } }, z.object({}));
  return { sent, asking };
}

describe('a domain in a VPC', () => {
  it('is asked by its function, which is given the request as it is signed for the domain', async () => {
    const { sent, asking } = asked(carried(200, { accepted: true }));
    await asking;
    expect(sent.map((request) => [request.hostname, request.path])).toEqual([
      ['lambda.eu-west-1.amazonaws.com', '/2015-03-31/functions/Holdfast-ask-evidence-2/invocations'],
    ]);
    expect(JSON.parse(sent[0]?.body)).toMatchObject({
      ...{ host, method: 'PUT', path, body: '{"indices":"*"}' },
      headers: { host, authorization: expect.stringMatching(/AKIATEST\/\d+\/eu-west-1\/es\/aws4_request/) },
    });
  });

  it.each([
    ['another snapshot', carried(503, { error: { type: 'concurrent_snapshot_execution_exception', reason: '' } })],
    ['too many requests', carried(429, 'Too Many Requests')],
    ['a gateway that has waited too long', carried(504, 'GATEWAY_TIMEOUT')],
    ['a domain that gives no answer', failed('TransientFault')],
    ['a function that ran out of time', failed('Sandbox.Timedout')],
    ['Lambda’s own throttle', [429, { message: 'Rate Exceeded.' }] as const],
  ])('is asked again after %s', async (_, answer) => {
    const { sent, asking } = asked(answer, carried(200, {}));
    await asking;
    expect(sent).toHaveLength(2);
  });

  it('is asked three times at most, whatever fails', async () => {
    const { sent, asking } = asked([500, { message: 'Lambda’s own trouble' }]);
    await expect(asking).rejects.toThrow();
    expect(sent).toHaveLength(3);
  });

  it.each([
    [
      'OpenSearch’s own type',
      carried(404, { error: { type: 'snapshot_missing_exception', reason: 'in words' } }),
      'snapshot_missing_exception',
    ],
    ['IAM’s refusal', carried(403, { Message: 'User: x is not authorized' }), 'AccessDeniedException'],
    ['a function that is not there', [404, { Message: 'Function not found' }] as const, 'NobodyInside'],
    ['one that may not be invoked', [403, { Message: 'not authorized' }] as const, 'NobodyInside'],
    ['one that does not let the request pass', failed('InvalidRequest'), 'InvariantBroken'],
  ])('fails with %s at once', async (_, [status, payload], name) => {
    const code = status === 404 ? { __type: 'ResourceNotFoundException' } : { __type: 'AccessDeniedException' };
    const { sent, asking } = asked([status, status === 200 ? payload : { ...code, ...Object(payload) }]);
    await expect(asking).rejects.toMatchObject({ name });
    expect(sent).toHaveLength(1);
  });

  it('may have done what it was asked for when it gives no answer, and says where to look', async () => {
    const error: unknown = await asked(failed('TransientFault')).asking.catch((thrown: unknown) => thrown);
    expect(isAmbiguous(error)).toBe(true);
    expect(asFault(error, 'asking')).toMatchObject({
      name: 'TransientFault',
      message: expect.stringMatching(/Holdfast-ask-evidence-2 has no answer of vpc-evidence-2-.* at port 443/),
    });
  });
});
