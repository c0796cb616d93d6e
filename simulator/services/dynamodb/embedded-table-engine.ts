/** dynalite, asked in process: what its server would call, without a request to read. */
import { createRequire } from 'node:module';
import { create } from 'dynalite/db/index.js';
import { checkTypes, checkValidations } from 'dynalite/validations/index.js';
import { realWork } from '../../kernel/real-work.ts';
import type { Kernel } from '../../kernel/service.ts';

export interface EngineReply {
  readonly status: number;
  /** As it would stand in the body of the reply. */
  readonly output: unknown;
}

export interface TableEngine {
  /** Runs one operation on the JSON of its awsJson body. Virtual time stands still meanwhile. */
  ask(operation: string, json: string): Promise<EngineReply>;
}

/** Operations whose replies hold ARNs, which dynalite makes of its own account and Region. */
const NAMES_TABLES = new Set(['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable']);

function ownArns(kernel: Kernel, output: unknown): unknown {
  const text = JSON.stringify(output).replaceAll(
    /arn:aws:dynamodb:[a-z0-9-]*:\d*:/g,
    `arn:aws:dynamodb:${kernel.regionName}:${kernel.account}:`,
  );
  return JSON.parse(text);
}

type Action = (store: object, input: object, done: (error: unknown, output: unknown) => void) => void;

interface Rules {
  readonly types: unknown;
  readonly custom: unknown;
}

const load = createRequire(import.meta.url);

/** One file an operation, of both: `actions/putItem`. */
function partsOf(operation: string): { readonly action: Action; readonly rules: Rules } {
  const name = `${operation.slice(0, 1).toLowerCase()}${operation.slice(1)}`;
  return { action: load(`dynalite/actions/${name}`), rules: load(`dynalite/validations/${name}`) };
}

/** A refusal is an error with what is to be answered. Everything else is a bug of the engine. */
function refusalOf(error: unknown): EngineReply {
  const { statusCode, body } = Object(error);
  if (typeof statusCode !== 'number') throw error;
  return { status: statusCode, output: body };
}

async function perform(store: object, operation: string, json: string): Promise<EngineReply> {
  const { action, rules } = partsOf(operation);
  try {
    const input = checkTypes(JSON.parse(json), rules.types);
    checkValidations(input, rules.types, rules.custom, store);
    const output = await new Promise((resolve, reject) => {
      action(store, input, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return { status: 200, output };
  } catch (error) {
    return refusalOf(error);
  }
}

/** An empty set of tables. Creating one takes no virtual time to speak of. */
export function embeddedTableEngine(kernel: Kernel): TableEngine {
  const store = create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return {
    async ask(operation, json) {
      const reply = await realWork(() => perform(store, operation, json));
      return NAMES_TABLES.has(operation) ? { ...reply, output: ownArns(kernel, reply.output) } : reply;
    },
  };
}
