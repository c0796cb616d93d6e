import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { Api, ApiOperation } from './api.ts';
import type { WireReply, WireRequest } from './message.ts';
import { bytesOf, type Protocol, recordOf, textOf, type WireError } from './protocol.ts';
import { decodeQuery } from './query-request.ts';

/** Where the services' documents live; SDKs ignore it, the AWS CLI shows it. */
function namespaceOf(api: Api): string {
  return `https://${api.service}.amazonaws.com/doc/`;
}

/** ISO 8601, the default of both query protocols (Smithy, `timestampFormat`). */
const ISO_8601 = 5;

function formOf(request: WireRequest): URLSearchParams {
  const form = new URLSearchParams(textOf(request.body));
  if (form.has('Action')) return form;
  return new URLSearchParams(
    Object.fromEntries(Object.entries(request.query).map(([name, value]) => [name, String(value)])),
  );
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The members of a result, without the element around them: the envelope gives them another name. */
function innerXml(operation: ApiOperation, output: unknown): string {
  if (!operation.output.isStructSchema()) return '';
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: ISO_8601 },
    httpBindings: false,
    xmlNamespace: '',
    serviceNamespace: '',
  });
  serializer.write(operation.output, recordOf(output));
  return String(serializer.flush())
    .replace(/^<[^>]*\/>$/, '')
    .replace(/^<[^>]*>/, '')
    .replace(/<\/[^>]*>$/, '');
}

function xmlReply(status: number, xml: string, requestId: string): WireReply {
  const body = bytesOf(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId }, body };
}

function errorXml(error: WireError): string {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  return `<Type>${type}</Type><Code>${escapeXml(error.queryCode)}</Code><Message>${escapeXml(error.message)}</Message>`;
}

const shared = {
  operationName: (_api: Api, request: WireRequest) => formOf(request).get('Action') ?? undefined,
};

/** EC2's own protocol: flat results, flat lists. */
export const ec2Query: Protocol = {
  ...shared,
  name: 'ec2Query',
  decode: async (operation, request) => decodeQuery(operation.input, formOf(request), { ec2: true }),
  encode: (api, operation, output, requestId) =>
    xmlReply(
      200,
      `<${operation.name}Response xmlns="${namespaceOf(api)}"><requestId>${requestId}</requestId>${innerXml(operation, output)}</${operation.name}Response>`,
      requestId,
    ),
  encodeError: (_api, error, requestId) =>
    xmlReply(
      error.status,
      `<Response><Errors><Error>${errorXml(error).replace(/<Type>.*?<\/Type>/, '')}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      requestId,
    ),
};

/** The query protocol of SNS, STS, Auto Scaling, CloudFormation: results nested in `<Operation>Result`. */
export const awsQuery: Protocol = {
  ...shared,
  name: 'awsQuery',
  decode: async (operation, request) => decodeQuery(operation.input, formOf(request), { ec2: false }),
  encode: (api, { name, ...operation }, output, requestId) =>
    xmlReply(
      200,
      `<${name}Response xmlns="${namespaceOf(api)}"><${name}Result>${innerXml({ name, ...operation }, output)}</${name}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
      requestId,
    ),
  encodeError: (api, error, requestId) => xmlError(error, requestId, ` xmlns="${namespaceOf(api)}"`),
};

/** The envelope of refusals that awsQuery and restXml share. */
export const xmlError = (error: WireError, requestId: string, attributes = ''): WireReply =>
  xmlReply(
    error.status,
    `<ErrorResponse${attributes}><Error>${errorXml(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
