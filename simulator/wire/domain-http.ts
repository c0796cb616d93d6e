/**
 * What a domain of OpenSearch Service answers at its own address: no operations, but methods, paths and JSON, each method an action of IAM.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 */
import { bytesOf, type Protocol, textOf } from './protocol.ts';

/** Input of all of them. */
export interface DomainInput {
  readonly host: string;
  readonly path: string;
  /** JSON; undefined: none. */
  readonly body: unknown;
}

const OPERATION = 9;
/** Any JSON. */
const DOCUMENT = 15;

/** As an SDK's package exports the schemas of its operations. */
export const domainOperations = Object.fromEntries(
  ['Get', 'Put', 'Post', 'Delete'].map((method) => {
    const name = `ESHttp${method}`;
    return [`${name}$`, [OPERATION, 'com.amazonaws.opensearch', name, 0, DOCUMENT, DOCUMENT]];
  }),
);

const contentType = 'application/json; charset=UTF-8';

export const isOfDomain = (service: string, { host }: { readonly host: string }): boolean =>
  service === 'es' && host.endsWith('.es.amazonaws.com');

export const domainHttp: Protocol = {
  name: 'domainHttp',
  operationName: (_api, { method }) => `ESHttp${method.slice(0, 1)}${method.slice(1).toLowerCase()}`,
  decode: async (_operation, { host, path, body }): Promise<DomainInput> => ({
    ...{ host, path: decodeURIComponent(path) },
    body: body.length === 0 ? undefined : JSON.parse(textOf(body)),
  }),
  encode: (_api, _operation, output) => ({
    ...{ status: 200, headers: { 'content-type': contentType } },
    body: bytesOf(JSON.stringify(output ?? {})),
  }),
  encodeError: (_api, { name: type, message: reason, status }) => {
    const cause = { type, reason };
    const error = { ...cause, root_cause: [cause] };
    // Who may not is refused before OpenSearch hears of it.
    const body = type === 'AccessDeniedException' ? { Message: reason } : { error, status };
    return { status, headers: { 'content-type': contentType }, body: bytesOf(JSON.stringify(body)) };
  },
};
