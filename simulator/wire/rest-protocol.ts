/** restJson1 (Lambda, Scheduler) and restXml (Route 53): the operation is in method and path, the input in path, query, headers and body. */
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Api, ApiOperation } from './api.ts';
import { jsonCodec, jsonError } from './json-protocol.ts';
import type { WireReply, WireRequest } from './message.ts';
import { bytesOf, type Codec, type Protocol, recordOf } from './protocol.ts';
import { xmlError } from './query-protocol.ts';
import { simpleValue } from './simple-value.ts';
import { xmlCodec } from './xml-codec.ts';

/** How bodies are written. */
interface Bodies {
  readonly contentType: string;
  readonly codec: Codec;
}

function patternOf(template: string): RegExp {
  const [path = ''] = template.split('?');
  const escaped = path.replace(/\/$/, '').replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  const withLabels = escaped.replace(
    /\{(\w+)(\\\+)?\}/g,
    (_match, label, greedy) => `(?<${label}>${greedy ? '.+' : '[^/]+'})`,
  );
  return new RegExp(`^${withLabels}/?$`);
}

/** Parameters that tell operations of one path apart: of `/?list-type=2` one. */
const literalsOf = (template: string): readonly (readonly [string, string])[] => [
  ...new URLSearchParams(template.split('?')[1] ?? ''),
];

/** Literal paths before labelled ones: `/tags/all` before `/tags/{id}`; then those that name more parameters. */
function matchOf(
  api: Api,
  request: WireRequest,
): { operation: ApiOperation; labels: Record<string, string> } | undefined {
  const matches = [...api.operations.values()].flatMap((operation) => {
    if (operation.http?.[0] !== request.method) return [];
    const literals = literalsOf(operation.http[1]);
    if (literals.some(([name, value]) => request.query[name] !== value)) return [];
    const match = patternOf(operation.http[1]).exec(request.path);
    return match ? [{ operation, labels: { ...match.groups }, literals: literals.length }] : [];
  });
  const labels = (match: (typeof matches)[number]) => Object.keys(match.labels).length;
  return matches.sort((one, other) => labels(one) - labels(other) || other.literals - one.literals)[0];
}

function boundText(member: NormalizedSchema, name: string, request: WireRequest, labels: Record<string, string>) {
  const { httpLabel, httpQuery, httpHeader } = member.getMergedTraits();
  if (httpLabel) return decodeURIComponent(labels[name] ?? '');
  if (httpQuery) return request.query[httpQuery];
  return httpHeader ? request.headers[httpHeader.toLowerCase()] : undefined;
}

function boundValue(member: NormalizedSchema, text: string | readonly string[]): unknown {
  if (!member.isListSchema()) return simpleValue(member, String(text));
  return [text].flat().map((item) => simpleValue(member.getValueSchema(), item));
}

async function payloadOf({ codec }: Bodies, member: NormalizedSchema, body: Uint8Array): Promise<unknown> {
  if (member.isBlobSchema()) return body;
  return member.isStructSchema() ? await codec.read(member, body) : new TextDecoder().decode(body);
}

async function decode(bodies: Bodies, operation: ApiOperation, request: WireRequest): Promise<unknown> {
  if (!operation.input.isStructSchema()) return {};
  const labels = { ...patternOf(operation.http?.[1] ?? '').exec(request.path)?.groups };
  const members = [...operation.input.structIterator()];
  const payload = members.find(([, member]) => member.getMergedTraits().httpPayload);
  const input: Record<string, unknown> = payload
    ? {}
    : { ...recordOf(await bodies.codec.read(operation.input, request.body)) };
  if (payload && request.body.length > 0) input[payload[0]] = await payloadOf(bodies, payload[1], request.body);
  for (const [name, member] of members) {
    const text = boundText(member, name, request, labels);
    if (text !== undefined) input[name] = boundValue(member, text);
  }
  return input;
}

interface BoundReply {
  status: number;
  readonly headers: Record<string, string>;
  body: Uint8Array | undefined;
  readonly members: Record<string, unknown>;
}

function bind({ codec }: Bodies, reply: BoundReply, name: string, member: NormalizedSchema, value: unknown): void {
  const { httpHeader, httpResponseCode, httpPayload } = member.getMergedTraits();
  if (httpHeader) reply.headers[httpHeader.toLowerCase()] = String(value);
  else if (httpResponseCode) reply.status = Number(value);
  else if (!httpPayload) reply.members[name] = value;
  else if (value instanceof Uint8Array) reply.body = value;
  else reply.body = member.isStructSchema() ? codec.write(member, value) : bytesOf(String(value));
}

function encode(bodies: Bodies, operation: ApiOperation, output: unknown, requestId: string) {
  const headers = { 'content-type': bodies.contentType, 'x-amzn-requestid': requestId };
  const reply: BoundReply = { status: operation.http?.[2] ?? 200, headers, body: undefined, members: {} };
  const values = recordOf(output);
  const members = operation.output.isStructSchema() ? [...operation.output.structIterator()] : [];
  for (const [name, member] of members) if (values[name] != null) bind(bodies, reply, name, member, values[name]);
  const hasPayload = members.some(([, member]) => member.getMergedTraits().httpPayload);
  const body = reply.body ?? (hasPayload ? new Uint8Array() : bodies.codec.write(operation.output, reply.members));
  return { status: reply.status, headers, body };
}

function restProtocol(
  name: Protocol['name'],
  bodies: Bodies,
  encodeError: (...failed: [...Parameters<Protocol['encodeError']>, contentType: string]) => WireReply,
): Protocol {
  return {
    name,
    operationName: (api, request) => matchOf(api, request)?.operation.name ?? `${request.method} ${request.path}`,
    decode: (operation, request) => decode(bodies, operation, request),
    encode: (_api, operation, output, requestId) => encode(bodies, operation, output, requestId),
    encodeError: (api, error, requestId) => encodeError(api, error, requestId, bodies.contentType),
  };
}

/** REST with JSON bodies. */
export const restJson1 = restProtocol(
  'restJson1',
  { contentType: 'application/json', codec: jsonCodec(true) },
  (api, error, requestId, contentType) => jsonError(api, error, contentType, requestId),
);

/** REST with XML bodies. */
export const restXml = restProtocol('restXml', { contentType: 'text/xml', codec: xmlCodec }, (_api, error, requestId) =>
  xmlError(error, requestId),
);
