/** The API of a service, read from the schemas that its SDK client package exports: nothing here is written by hand. */
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import { realWork } from '../kernel/real-work.ts';
import { domainOperations } from './domain-http.ts';

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

type ClientModule = Readonly<Record<string, unknown>>;

const CLIENTS: Readonly<Record<string, () => Promise<ClientModule>>> = {
  'application-autoscaling': () => import('@aws-sdk/client-application-auto-scaling'),
  autoscaling: () => import('@aws-sdk/client-auto-scaling'),
  backup: () => import('@aws-sdk/client-backup'),
  cloudformation: () => import('@aws-sdk/client-cloudformation'),
  dynamodb: () => import('@aws-sdk/client-dynamodb'),
  ec2: () => import('@aws-sdk/client-ec2'),
  ecs: () => import('@aws-sdk/client-ecs'),
  elasticache: () => import('@aws-sdk/client-elasticache'),
  elasticfilesystem: () => import('@aws-sdk/client-efs'),
  es: async () => ({ ...(await import('@aws-sdk/client-opensearch')), ...domainOperations }),
  events: () => import('@aws-sdk/client-eventbridge'),
  kms: () => import('@aws-sdk/client-kms'),
  lambda: () => import('@aws-sdk/client-lambda'),
  memorydb: () => import('@aws-sdk/client-memorydb'),
  monitoring: () => import('@aws-sdk/client-cloudwatch'),
  rds: () => import('@aws-sdk/client-rds'),
  route53: () => import('@aws-sdk/client-route-53'),
  scheduler: () => import('@aws-sdk/client-scheduler'),
  sns: () => import('@aws-sdk/client-sns'),
  sqs: () => import('@aws-sdk/client-sqs'),
  ssm: () => import('@aws-sdk/client-ssm'),
  states: () => import('@aws-sdk/client-sfn'),
  sts: () => import('@aws-sdk/client-sts'),
};

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

async function load(service: string, client: () => Promise<ClientModule>): Promise<Api> {
  const schemas = Object.values(await realWork(client));
  const operations = schemas.filter(isOperation).map(operationOf);
  return {
    service,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: schemas.filter(isError).map(errorOf),
  };
}

/** The API behind a signing name; undefined when no client package of it is installed. Loaded once a process. */
export async function loadApi(service: string): Promise<Api | undefined> {
  const client = CLIENTS[service];
  if (!client) return undefined;
  const api = loaded.get(service) ?? load(service, client);
  loaded.set(service, api);
  return await api;
}

/** The shape of an error by its name or its query code, e.g. `NotFoundException` or `NotFound` of SNS. */
export function errorShape(api: Api, code: string): ApiErrorShape | undefined {
  return api.errors.find(({ name }) => name === code) ?? api.errors.find(({ queryCode }) => queryCode === code);
}
