/** DynamoDB, as far as the functions use it: three operations on items of plain values. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { GetCommandInput, PutCommandInput, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { govCloud } from '../aws/endpoint.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

export type Item = Readonly<Record<string, unknown>>;

export interface DynamoDb {
  getItem(input: GetCommandInput): Promise<{ readonly Item?: Item }>;
  putItem(input: PutCommandInput): Promise<void>;
  query(input: QueryCommandInput): Promise<{ readonly Items: readonly Item[]; readonly LastEvaluatedKey?: Item }>;
}

const item = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);
const gotten = z.object({ Item: z.optional(item) });
const page = z.object({ Items: z._default(z.array(item), []), LastEvaluatedKey: z.optional(item) });

/** With the retries of the SDK's own client: replies take single-digit milliseconds, so pauses begin shorter. */
export const dynamodbService = {
  id: 'DynamoDB',
  host: 'dynamodb',
  plainFipsRegions: govCloud,
  version: '1.0',
  target: 'DynamoDB_20120810',
  firstPauseMs: 25,
  maxAttempts: 4,
} as const;

export const dynamodb: () => DynamoDb = lazy(() => dynamodbOver());

export function dynamodbOver(settings?: CallerSettings): DynamoDb {
  const call = jsonCaller(dynamodbService, settings);
  return {
    async getItem({ Key, ...input }) {
      const { Item } = await call('GetItem', { ...input, Key: attributes(Key) }, gotten);
      return Item === undefined ? {} : { Item: unmarshall(Item) };
    },
    async putItem(input) {
      await call('PutItem', { ...input, Item: attributes(input.Item), ...values(input) }, z.unknown());
    },
    async query({ ExclusiveStartKey, ...input }) {
      const start = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey: attributes(ExclusiveStartKey) };
      const { Items, LastEvaluatedKey } = await call('Query', { ...input, ...start, ...values(input) }, page);
      return {
        Items: Items.map((each) => unmarshall(each)),
        ...(LastEvaluatedKey === undefined ? {} : { LastEvaluatedKey: unmarshall(LastEvaluatedKey) }),
      };
    },
  };
}

const values = ({ ExpressionAttributeValues: given }: Pick<PutCommandInput, 'ExpressionAttributeValues'>) =>
  given === undefined ? {} : { ExpressionAttributeValues: attributes(given) };

const attributes = (value: Record<string, unknown> | undefined) =>
  marshall(value ?? {}, { removeUndefinedValues: true });
