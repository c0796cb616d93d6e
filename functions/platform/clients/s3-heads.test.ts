import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, expect, it, vi } from 'vitest';
import { type Answer, type LoopbackService, loopbackService } from '../aws/loopback-service.ts';
import { s3Head } from './s3-heads.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'token' };
const settings = { region: 'eu-west-1', credentials: async () => credentials, timeoutMs: 150 };
let service: LoopbackService | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await service?.close();
});

async function serving(...answers: readonly Answer[]): Promise<LoopbackService> {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  service = await loopbackService((earlier) => answers[Math.min(earlier, answers.length - 1)] ?? { status: 200 });
  vi.stubEnv('AWS_ENDPOINT_URL', service.url);
  return service;
}

it('asks for an object as S3 wants it signed, and tells when it was written', async () => {
  const { received } = await serving({ status: 200, headers: { 'last-modified': 'Wed, 21 Jan 2026 07:28:00 GMT' } });
  const head = await s3Head('cache-files', 'old/one_2.rdb', settings);
  expect(head).toEqual({ status: 200, modifiedAt: '2026-01-21T07:28:00.000Z' });
  const [request] = received;
  if (request === undefined) throw new Error('nothing was sent');
  expect(request).toMatchObject({ method: 'HEAD', path: '/cache-files/old/one_2.rdb', body: '' });
  const { authorization = '', connection: _, ...headers } = request.headers;
  const time = (headers['x-amz-date'] ?? '').replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5');
  // As the SDK signs for S3: what is in the path is encoded once.
  const s3 = {
    credentials,
    region: 'eu-west-1',
    service: 's3',
    sha256: Sha256,
    applyChecksum: false,
    uriEscapePath: false,
  };
  const theirs = await new SignatureV4(s3).sign(new HttpRequest({ ...request, headers }), {
    signingDate: new Date(time),
  });
  expect(authorization).toBe(theirs.headers.authorization);
});

it.each([301, 400, 403, 404])('gives back what the status says: %d', async (status) => {
  const { received } = await serving({ status });
  expect(await s3Head('cache-files', undefined, settings)).toEqual({ status });
  expect(received).toMatchObject([{ path: '/cache-files' }]);
});

it('is asked again while S3 is in trouble, and then gives up', async () => {
  const { received } = await serving({ status: 503 }, { status: 200 });
  expect(await s3Head('cache-files', undefined, settings)).toEqual({ status: 200 });
  expect(received).toHaveLength(2);
  await service?.close();
  await serving({ status: 503 });
  await expect(s3Head('cache-files', undefined, settings)).rejects.toMatchObject({
    $metadata: { httpStatusCode: 503 },
  });
});
