import { CborCodec, cbor } from '@smithy/core/cbor';
import type { WireReply } from './message.ts';
import { bytesOf, type Protocol, recordOf } from './protocol.ts';

function cborReply(status: number, body: Uint8Array, requestId: string): WireReply {
  return {
    status,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': requestId },
    body,
  };
}

/** Smithy RPC v2 CBOR, which newer SDKs negotiate with some services: `/service/<target>/operation/<operation>`. */
export const rpcv2Cbor: Protocol = {
  name: 'rpcv2Cbor',
  operationName: (_api, request) => /\/operation\/(\w+)$/.exec(request.path)?.[1],
  decode: async (operation, request) =>
    request.body.length === 0 ? {} : await new CborCodec().createDeserializer().read(operation.input, request.body),
  encode: (_api, operation, output, requestId) => {
    if (!operation.output.isStructSchema()) return cborReply(200, cbor.serialize({}), requestId);
    const serializer = new CborCodec().createSerializer();
    serializer.write(operation.output, recordOf(output));
    return cborReply(200, bytesOf(serializer.flush()), requestId);
  },
  encodeError: (_api, error, requestId) =>
    cborReply(
      error.status,
      cbor.serialize({ ...error.members, __type: error.name, message: error.message }),
      requestId,
    ),
};
