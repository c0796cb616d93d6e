import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedHeaders } from './signature.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const name = fc.stringMatching(/^x-[a-z]{1,8}$/);
/** What HTTP lets a header's value be. */
const value = fc.stringMatching(/^[!-~]([ \t!-~]{0,20}[!-~])?$/);
const path = fc.array(text).map(
  (parts) =>
    `/${parts
      .filter((part) => !/^\.{0,2}$/.test(part))
      .map(encodeURIComponent)
      .join('/')}`,
);
const request = fc.record({
  path,
  body: text,
  headers: fc.dictionary(fc.oneof(name, fc.constantFrom('user-agent', 'x-amzn-trace-id', 'content-type')), value),
});
const scope = fc.record({
  credentials: fc.record(
    {
      accessKeyId: fc.stringMatching(/^AKIA[A-Z0-9]{4}$/),
      secretAccessKey: text,
      sessionToken: fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/),
    },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
  region: fc.constantFrom('eu-west-1', 'us-gov-west-1'),
  service: fc.constantFrom('dynamodb', 'lambda'),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
});

describe('a signature', () => {
  it("is the one that AWS's own signer makes of the same request", async () => {
    await fc.assert(
      fc.asyncProperty(request, scope, async ({ path, body, headers }, { at, ...rest }) => {
        const unsigned = {
          method: 'POST',
          path,
          body,
          headers: { ...headers, host: 'dynamodb.eu-west-1.amazonaws.com' },
        };
        const signer = new SignatureV4({ ...rest, sha256: Sha256, applyChecksum: false });
        const theirs = await signer.sign(new HttpRequest(unsigned), { signingDate: at });
        expect(signedHeaders(unsigned, { ...rest, at })).toEqual(theirs.headers);
      }),
    );
  });
});
