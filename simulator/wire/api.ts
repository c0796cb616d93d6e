/** The API of a service, read from the schemas that its SDK client package exports: nothing here is written by hand. */
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import { realWork } from '../kernel/real-work.ts';
import type { Service } from '../kernel/service.ts';

export interface ApiOperation {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path template and status of the REST protocols. */
  readonly http?: readonly [method: string, path: string, status: number];
}

export interface ApiErrorShape {
  /** `NotFoundException` */
  readonly name: string;
  /** The code of the query protocols: `NotFound`. The same as the name where the model gives none. */
  readonly queryCode: string;
  readonly status?: number;
  readonly schema: NormalizedSchema;
}

export interface Api {
  /** Signing name: `ec2`, `monitoring`, `states` … */
  readonly service: string;
  readonly operations: ReadonlyMap<string, ApiOperation>;
  readonly errors: readonly ApiErrorShape[];
}

const OPERATION = 9;
const ERROR = -3;

function isOperation(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === OPERATION;
}

function isError(value: unknown): value is StaticErrorSchema {
  return Array.isArray(value) && value[0] === ERROR;
}

function operationOf(schema: StaticOperationSchema): ApiOperation {
  const [, , name, traits, input, output] = schema;
  const http = typeof traits === 'object' ? traits.http : undefined;
  const shapes = { name, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) };
  return http ? { ...shapes, http } : shapes;
}

function errorOf(schema: StaticErrorSchema): ApiErrorShape {
  const normalized = NormalizedSchema.of(schema);
  const { awsQueryError, httpError } = normalized.getMergedTraits();
  const [, , name] = schema;
  const [queryCode, queryStatus]: readonly unknown[] = Array.isArray(awsQueryError) ? awsQueryError : [];
  const status = queryStatus ?? httpError;
  const shape = { name, queryCode: typeof queryCode === 'string' ? queryCode : name, schema: normalized };
  return typeof status === 'number' ? { ...shape, status } : shape;
}

const loaded = new Map<string, Promise<Api>>();

async function load({ name, client }: Described): Promise<Api> {
  const schemas = Object.values(await realWork(client));
  const operations = schemas.filter(isOperation).map(operationOf);
  return {
    service: name,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: schemas.filter(isError).map(errorOf),
  };
}

type Described = Pick<Service, 'name' | 'client'>;

/** The API of a service. Loaded once a process. */
export function loadApi(service: Described): Promise<Api> {
  const api = loaded.get(service.name) ?? load(service);
  loaded.set(service.name, api);
  return api;
}

/** The shape of an error by its name or its query code, e.g. `NotFoundException` or `NotFound` of SNS. */
export function errorShape(api: Api, code: string): ApiErrorShape | undefined {
  return api.errors.find(({ name }) => name === code) ?? api.errors.find(({ queryCode }) => queryCode === code);
}
