/** dynalite, asked in process: no socket, no port, no timers that matter. */
import { EventEmitter } from 'node:events';
import dynalite from 'dynalite';
import { realWork } from '../../kernel/real-work.ts';
import type { Kernel } from '../../kernel/service.ts';

export interface EngineReply {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface TableEngine {
  /** Runs one operation on its awsJson body. Virtual time stands still meanwhile. */
  ask(operation: string, body: Uint8Array): Promise<EngineReply>;
}

/** dynalite insists on a signature, and checks none of it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIA/20260101/region/dynamodb/aws4_request, SignedHeaders=host, Signature=unchecked';

/** Operations whose replies hold ARNs, which dynalite makes of its own account and Region. */
const NAMES_TABLES = new Set(['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable']);

function ownArns(kernel: Kernel, text: string): string {
  return text.replaceAll(
    /arn:aws:dynamodb:[a-z0-9-]*:\d*:/g,
    `arn:aws:dynamodb:${kernel.regionName}:${kernel.account}:`,
  );
}

type Headers = Readonly<Record<string, string>>;

/** Hands one request to the server's own handler, by the few things that it looks at. */
function dispatch(server: EventEmitter, headers: Headers, body: Uint8Array): Promise<EngineReply> {
  return new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
    const response = {
      statusCode: 200,
      setHeader: () => undefined,
      end: (text = '') => resolve({ status: response.statusCode, body: Buffer.from(text) }),
    };
    server.emit('request', request, response);
    request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}

/** An empty set of tables. Creating one takes no virtual time to speak of. */
export function embeddedTableEngine(kernel: Kernel): TableEngine {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return {
    async ask(operation, body) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: AUTHORIZATION,
      };
      const reply = await realWork(() => dispatch(server, headers, body));
      if (!NAMES_TABLES.has(operation)) return reply;
      return { ...reply, body: Buffer.from(ownArns(kernel, Buffer.from(reply.body).toString())) };
    },
  };
}
