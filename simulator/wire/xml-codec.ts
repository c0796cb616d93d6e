import { XmlCodec } from '@aws-sdk/core/protocols';
import { bytesOf, type Codec, recordOf } from './protocol.ts';

/** ISO 8601, the default of restXml (Smithy, `timestampFormat`). */
const ISO_8601 = 5;

const codec = new XmlCodec({
  timestampFormat: { useTrait: true, default: ISO_8601 },
  httpBindings: true,
  xmlNamespace: '',
  serviceNamespace: '',
});

/** XML bodies, each with the element of its shape around it. */
export const xmlCodec: Codec = {
  read: async (schema, body) =>
    body.length === 0 || !schema.isStructSchema() ? {} : await codec.createDeserializer().read(schema, body),
  write: (schema, value) => {
    if (!schema.isStructSchema()) return new Uint8Array();
    const serializer = codec.createSerializer();
    serializer.write(schema, recordOf(value));
    return bytesOf(serializer.flush());
  },
};
