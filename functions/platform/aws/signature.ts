/**
 * Signature Version 4, for requests with a body of text and without a query. Written out because AWS's own package, which signs
 * streams and URLs as well, is a tenth of the bundle's limit; tested against it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { AwsCredentialIdentity } from '@smithy/types';

export interface Unsigned {
  readonly method: string;
  /** As it is sent: percent-encoded once, without a query. */
  readonly path: string;
  /** Names in lower case; `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Scope {
  readonly credentials: AwsCredentialIdentity;
  readonly region: string;
  /** The service's name in signatures. */
  readonly service: string;
  readonly at: Date;
}

/** What proxies and X-Ray may change on the way. */
const unsigned = ['user-agent', 'x-amzn-trace-id'];
const algorithm = 'AWS4-HMAC-SHA256';

/** The headers to send: those given, the date, the session token if there is one, and the signature over them. */
export function signedHeaders(request: Unsigned, { credentials, region, service, at }: Scope): Record<string, string> {
  const time = `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const day = time.slice(0, 8);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const headers = {
    ...request.headers,
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers)
    .filter((name) => !unsigned.includes(name))
    .toSorted()
    .join(';');
  const scope = [day, region, service, 'aws4_request'] as const;
  const text = [algorithm, time, scope.join('/'), sha256(canonicalRequest(request, headers, names))].join('\n');
  const signature = hmac(signingKey(secretAccessKey, scope), text).toString('hex');
  const authorization = `${algorithm} Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** A service's newest. */
const signingKeys = new Map<string, { readonly of: string; readonly key: KeyObject }>();

/** The same for a day, as long as the credentials are. */
function signingKey(secretAccessKey: string, scope: readonly [string, string, string, string]): KeyObject {
  const [, , service] = scope;
  const of = [...scope, secretAccessKey].join('/');
  const known = signingKeys.get(service);
  if (known?.of === of) return known.key;
  const key = createSecretKey(scope.reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`)));
  signingKeys.set(service, { of, key });
  return key;
}

/** The path is encoded a second time, as for every service but S3. */
function canonicalRequest({ method, path, body }: Unsigned, headers: Readonly<Record<string, string>>, names: string) {
  const lines = names.split(';').map((name) => `${name}:${headers[name]?.trim().replaceAll(/\s+/g, ' ')}`);
  return [method, encodedAgain(path), '', ...lines, '', names, sha256(body)].join('\n');
}

const encodedAgain = (path: string) =>
  path
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replaceAll(/[!'()*]/g, percent);
const percent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer | KeyObject, text: string) => createHmac('sha256', key).update(text).digest();
