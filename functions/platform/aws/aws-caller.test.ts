import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAmbiguous, isDenied } from '../aws-errors.ts';
import { dynamodbOver } from '../clients/dynamodb.ts';
import { lambdaOver } from '../clients/lambda.ts';
import { snsOver } from '../clients/sns.ts';
import { ssmOver } from '../clients/ssm.ts';
import type { CallerSettings } from './aws-caller.ts';
import { type Answer, type LoopbackService, loopbackService } from './loopback-service.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'token' };
const settings: CallerSettings = { region: 'eu-west-1', credentials: async () => credentials, timeoutMs: 150 };
const fine = { status: 200, body: '{"Command":{"CommandId":"c-1"}}' };
const refusal = (name: string, status = 400) => ({
  status,
  body: JSON.stringify({ __type: name, message: 'in words' }),
});

let service: LoopbackService | undefined;

beforeEach(() => {
  // No pause between attempts: each is a random part of its most.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await service?.close();
});

/** The answers one after another, then the last again. */
async function serving(...answers: readonly Answer[]): Promise<LoopbackService> {
  service = await loopbackService((earlier) => answers[Math.min(earlier, answers.length - 1)] ?? fine);
  vi.stubEnv('AWS_ENDPOINT_URL', service.url);
  return service;
}

const send = (more: CallerSettings = {}) => ssmOver({ ...settings, ...more }).sendCommand({ DocumentName: 'hold' });

describe('a call of AWS', () => {
  it('is signed as AWS signs it: what is sent, with all of its headers', async () => {
    const { received } = await serving(fine);
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-2-3');
    await send();
    const [request] = received;
    if (request === undefined) throw new Error('nothing was sent');
    const { authorization = '', connection: _, ...headers } = request.headers;
    const time = (headers['x-amz-date'] ?? '').replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5');
    const signer = new SignatureV4({
      credentials,
      region: 'eu-west-1',
      service: 'ssm',
      sha256: Sha256,
      applyChecksum: false,
    });
    const theirs = await signer.sign(new HttpRequest({ ...request, headers }), { signingDate: new Date(time) });
    expect(authorization).toBe(theirs.headers.authorization);
    expect(headers['x-amzn-trace-id']).toBe('Root=1-2-3');
  });

  it.each<readonly [string, Answer]>([
    ['HTTP 500', { status: 500, body: 'oops' }],
    ['HTTP 502 in the words of a proxy', { status: 502, body: '<html>Bad gateway</html>' }],
    ['HTTP 503', { status: 503 }],
    ['HTTP 504', { status: 504 }],
    ['HTTP 429', { status: 429 }],
    ['a throttle', refusal('ThrottlingException')],
    ['a throttle with a namespace', refusal('com.amazonaws.ssm#TooManyRequestsException')],
    ['a broken connection', 'reset'],
    ['a reply that breaks off', 'half'],
    ['a reply that stops and leaves the connection open', 'stalled'],
    ['no reply in time', 'silence'],
    ['signs of life without a reply in time', 'dawdling'],
  ])('is repeated after %s', async (_, trouble) => {
    const { received } = await serving(trouble, fine);
    await expect(send()).resolves.toEqual({ Command: { CommandId: 'c-1' } });
    expect(received).toHaveLength(2);
  });

  it.each<readonly [string, Answer]>([
    ['a refusal', refusal('InvalidInstanceId')],
    ['a denial', refusal('AccessDeniedException')],
    ['HTTP 404', { status: 404, body: 'nothing here' }],
    ['HTTP 501', { status: 501 }],
  ])('is not repeated after %s', async (_, answer) => {
    const { received } = await serving(answer, fine);
    await expect(send()).rejects.toThrow();
    expect(received).toHaveLength(1);
  });

  it('is given up after three attempts, of DynamoDB after four, with the last error', async () => {
    const { received } = await serving(refusal('InternalServerError', 500));
    await expect(send()).rejects.toMatchObject({ name: 'InternalServerError', message: 'in words' });
    expect(received).toHaveLength(3);
    const reading = dynamodbOver(settings).getItem({ TableName: 'ledger', Key: { pk: 'a', sk: 'b' } });
    await expect(reading).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(received).toHaveLength(3 + 4);
  });

  it('has the attempts that the SDKs’ own variable allows, but for one that must not be repeated', async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '2');
    const { received } = await serving(refusal('InternalServerError', 500));
    await expect(send()).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(received).toHaveLength(2);
    await expect(send({ maxAttempts: 1 })).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(received).toHaveLength(2 + 1);
  });

  it.each(['0', '-1', '1.5', 'many'])('is not made while that variable says %s', async (attempts) => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', attempts);
    const { received } = await serving(fine);
    await expect(send()).rejects.toMatchObject({ name: 'InvalidRequest', message: expect.stringContaining(attempts) });
    expect(received).toHaveLength(0);
  });

  it('is made once where one attempt is all that is allowed', async () => {
    const { received } = await serving('reset');
    await expect(send({ maxAttempts: 1 })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(received).toHaveLength(1);
  });

  it('is signed anew for each attempt, by the time of AWS after a reply told that ours is wrong', async () => {
    const anHourAhead = new Date(Date.now() + 3_600_000);
    const late = { ...refusal('InvalidSignatureException'), headers: { date: anHourAhead.toUTCString() } };
    const { received } = await serving(late, fine);
    await send();
    const [first, second] = received.map(({ headers }) => headers['x-amz-date'] ?? '');
    expect(second?.slice(0, 11)).toBe(anHourAhead.toISOString().replaceAll(/[-:]/g, '').slice(0, 11));
    expect(first).not.toBe(second);
  });

  it('is not repeated for a wrong signature while the time is right', async () => {
    const { received } = await serving(refusal('InvalidSignatureException'), fine);
    await expect(send()).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    expect(received).toHaveLength(1);
  });
});

describe('an error of AWS', () => {
  it('bears the name, the words, the status and the request id that the reply gave', async () => {
    const headers = { 'x-amzn-requestid': 'r-1' };
    await serving({ ...refusal('com.amazonaws.ssm#AccessDeniedException'), headers });
    const error = await send().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'AccessDeniedException',
      message: 'in words',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, requestId: 'r-1' },
    });
    expect(isDenied(error)).toBe(true);
    expect(isAmbiguous(error)).toBe(false);
  });

  it.each<readonly [string, Answer]>([
    ['AWS failed', refusal('InternalServerError', 500)],
    ['the connection broke', 'reset'],
    ['no reply came in time', 'silence'],
  ])('tells that the call may have had its effect when %s', async (_, answer) => {
    await serving(answer);
    expect(isAmbiguous(await send({ maxAttempts: 1 }).catch((thrown: unknown) => thrown))).toBe(true);
  });

  it('of Lambda is told by a header', async () => {
    await serving({
      status: 404,
      body: '{"Message":"no such function"}',
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException:http://x' },
    });
    const waking = lambdaOver(settings).invokeLater('report', {});
    await expect(waking).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'no such function' });
  });

  it('of SNS is told in XML, a throttle by the name that it has in the SDK', async () => {
    const xml = (code: string) =>
      `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>a &amp; b</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
    const { received } = await serving(
      { status: 403, body: xml('AuthorizationError') },
      { status: 429, body: xml('Throttled') },
    );
    const mail = { topicArn: 'arn:aws:sns:eu-west-1:1:failures', subject: 's', message: 'm', attributes: {} };
    const { publish } = snsOver(settings);
    await expect(publish(mail)).rejects.toMatchObject({ name: 'AuthorizationError', message: 'a & b' });
    expect(received).toHaveLength(1);
    await expect(publish(mail)).rejects.toMatchObject({ name: 'ThrottledException' });
    expect(received).toHaveLength(1 + 3);
  });
});
