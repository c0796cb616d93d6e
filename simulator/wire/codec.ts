/** Chooses the protocol of a request by what it looks like, so that any SDK generation and the AWS CLI are understood. */
import type { ApiError } from '../kernel/service.ts';
import { type Api, errorShape } from './api.ts';
import { rpcv2Cbor } from './cbor-protocol.ts';
import { DetailedError } from './detailed-error.ts';
import { domainHttp, isOfDomain } from './domain-http.ts';
import { awsJson, jsonCodec } from './json-protocol.ts';
import type { WireRequest } from './message.ts';
import { type Protocol, textOf, type WireError } from './protocol.ts';
import { awsQuery, ec2Query } from './query-protocol.ts';
import { restJson1, restXml } from './rest-protocol.ts';
import { s3Xml } from './s3-protocol.ts';

const json = { '1.0': awsJson('1.0'), '1.1': awsJson('1.1') };

/** The protocol that this request is written in. */
export function protocolOf(service: string, request: WireRequest): Protocol {
  if (isOfDomain(service, request)) return domainHttp;
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return rpcv2Cbor;
  if (service === 's3') return s3Xml;
  const contentType = request.headers['content-type'] ?? '';
  if (request.headers['x-amz-target']) return contentType.endsWith('1.0') ? json['1.0'] : json['1.1'];
  const isForm = contentType.startsWith('application/x-www-form-urlencoded') || 'Action' in request.query;
  if (!isForm) return service === 'route53' ? restXml : restJson1;
  return service === 'ec2' ? ec2Query : awsQuery;
}

function membersOf(api: Api, error: ApiError): Readonly<Record<string, unknown>> {
  const shape = errorShape(api, error.name);
  if (!(error instanceof DetailedError) || !shape) return {};
  return JSON.parse(textOf(jsonCodec(false).write(shape.schema, error.details)));
}

/** Completes a refusal from the API's model: both of its names, and the status, where the service left the default. */
export function wireError(api: Api, error: ApiError): WireError {
  const shape = errorShape(api, error.name);
  return {
    name: shape?.name ?? error.name,
    queryCode: shape?.queryCode ?? error.name,
    message: error.message,
    status: error.status === 400 ? (shape?.status ?? 400) : error.status,
    members: membersOf(api, error),
  };
}
