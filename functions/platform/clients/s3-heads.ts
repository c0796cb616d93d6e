/**
 * What S3 says of a bucket or an object without reading it: one HEAD, whose reply has no body. Apart from the SDK's client (`s3.ts`), which is a
 * tenth of what the functions of a recovery may have.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
import { createHash } from 'node:crypto';
import { awsCaller, type CallerSettings } from '../aws/aws-caller.ts';
import { type RequestHandler, transport } from '../aws/transport.ts';

export interface Head {
  /** 200; 301 or 400 of a bucket that is in another Region; 403; 404. */
  readonly status: number;
  /** Of an object, ISO: when it was written. */
  readonly modifiedAt?: string;
}

/** S3 takes no request without it. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const ofNothing = { 'x-amz-content-sha256': createHash('sha256').update('').digest('hex') };

/**
 * @param key of letters, digits and `_ . - /`, which need no encoding: S3's signatures encode but once. Absent: the bucket itself
 * @throws what `awsCaller` throws, but for what the status says
 */
export async function s3Head(bucket: string, key?: string, settings: CallerSettings = {}): Promise<Head> {
  let head: Head = { status: 0 };
  const handler = settings.requestHandler ?? transport(undefined, settings.timeoutMs);
  const watched: RequestHandler = {
    handle: async (request) => {
      const reply = await handler.handle(request);
      head = headOf(reply.response.statusCode, reply.response.headers['last-modified']);
      return reply;
    },
  };
  const protocol = { id: 'S3', host: 's3', refusal: () => ({ code: undefined, message: undefined }) };
  const call = {
    method: 'HEAD',
    path: `/${bucket}${key === undefined ? '' : `/${key}`}`,
    headers: ofNothing,
    body: '',
  } as const;
  await awsCaller(protocol, { ...settings, requestHandler: watched })(call).catch((error: unknown) => {
    if (![301, 400, 403, 404].includes(head.status)) throw error;
  });
  return head;
}

const headOf = (status: number, modified: string | undefined): Head =>
  modified === undefined ? { status } : { status, modifiedAt: new Date(modified).toISOString() };
