/** restXml as S3 speaks it: the bucket is in the host's name, or first in the path where the host is an address. */
import type { WireRequest } from './message.ts';
import { type Protocol, recordOf } from './protocol.ts';
import { restXml } from './rest-protocol.ts';

interface OfBucket {
  readonly bucket: string;
  /** As if the bucket were not in it. */
  readonly request: WireRequest;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
function withoutBucket(request: WireRequest): OfBucket {
  const [, inHost] = /^(.+)\.s3[.-]/.exec(request.host) ?? [];
  if (inHost !== undefined) return { bucket: inHost, request };
  const [, bucket = '', ...key] = request.path.split('/');
  return { bucket, request: { ...request, path: `/${key.join('/')}` } };
}

export const s3Xml: Protocol = {
  ...restXml,
  operationName: (api, request) => restXml.operationName(api, withoutBucket(request).request),
  decode: async (operation, asked) => {
    const { bucket, request } = withoutBucket(asked);
    return { ...recordOf(await restXml.decode(operation, request)), Bucket: bucket };
  },
};
