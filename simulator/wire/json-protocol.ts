import { JsonCodec2 } from '@smithy/core/protocols';
import type { Api, ApiOperation } from './api.ts';
import type { WireReply } from './message.ts';
import { bytesOf, type Codec, type Protocol, recordOf, textOf, type WireError } from './protocol.ts';

/** Epoch seconds, the default of the JSON protocols (Smithy, `timestampFormat`). */
const EPOCH_SECONDS = 7;

/** JSON bodies by schema. `jsonName`: whether the model's own JSON names count (REST only). */
export function jsonCodec(jsonName: boolean): Codec {
  const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName });
  return {
    read: async (schema, body) =>
      body.length === 0 || !schema.isStructSchema() ? {} : await codec.createDeserializer().read(schema, textOf(body)),
    write: (schema, value) => {
      if (!schema.isStructSchema()) return bytesOf('{}');
      const serializer = codec.createSerializer();
      serializer.write(schema, recordOf(value));
      // A copy: the codec's own bytes warn when they are taken for text.
      return new Uint8Array(bytesOf(serializer.flush()));
    },
  };
}

/** JSON services that spoke awsQuery before, whose old clients look for the old codes (Smithy, `awsQueryCompatible`). */
const QUERY_COMPATIBLE = new Set(['monitoring', 'sqs']);

function queryError(api: Api, { queryCode, status }: WireError): Record<string, string> {
  if (!QUERY_COMPATIBLE.has(api.service)) return {};
  return { 'x-amzn-query-error': `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}` };
}

/** The JSON body of an error, and the headers that SDKs also look at. */
export function jsonError(api: Api, error: WireError, contentType: string, requestId: string): WireReply {
  return {
    status: error.status,
    headers: {
      'content-type': contentType,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.name,
      ...queryError(api, error),
    },
    body: bytesOf(JSON.stringify({ ...error.members, __type: error.name, message: error.message })),
  };
}

const ITEM_OPERATIONS: ReadonlySet<string> = new Set([
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
]);

/** Of DynamoDB's items only bytes look different in JSON and in the SDK's types: all others go as they are, without a walk by schema. */
export const isPlainItem = ({ name }: ApiOperation, json: string): boolean =>
  ITEM_OPERATIONS.has(name) && !/"BS?":/.test(json);

const codec = jsonCodec(false);

async function decode(operation: ApiOperation, body: Uint8Array): Promise<unknown> {
  const json = textOf(body);
  return json !== '' && isPlainItem(operation, json) ? JSON.parse(json) : await codec.read(operation.input, body);
}

function encode(operation: ApiOperation, output: unknown): Uint8Array {
  if (!ITEM_OPERATIONS.has(operation.name)) return codec.write(operation.output, output);
  const json = JSON.stringify(output);
  return isPlainItem(operation, json) ? bytesOf(json) : codec.write(operation.output, output);
}

/** awsJson 1.0 and 1.1, for which the service's side is the same but for the content type. */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    name: 'awsJson',
    operationName: (_api, request) => request.headers['x-amz-target']?.split('.').at(-1),
    decode: (operation, { body }) => decode(operation, body),
    encode: (_api, operation, output, requestId) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: encode(operation, output),
    }),
    encodeError: (api, error, requestId) => jsonError(api, error, contentType, requestId),
  };
}
