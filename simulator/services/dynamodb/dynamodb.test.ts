import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createDynamoDb } from './dynamodb.ts';

let time: VirtualTime;
let kernel: OpenKernel;
let gateway: Gateway;
let raw: DynamoDBClient;
let table: DynamoDBDocumentClient;

beforeEach(async () => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  kernel = createKernel({ seed: 1 });
  gateway = createGateway(kernel, [createDynamoDb(kernel)], createIdentities(kernel.account));
  raw = new DynamoDBClient(clientSettings(gateway));
  table = DynamoDBDocumentClient.from(raw);
  await time.drive(
    raw.send(
      new CreateTableCommand({
        TableName: 'ledger',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-state',
            KeySchema: [
              { AttributeName: 'state', KeyType: 'HASH' },
              { AttributeName: 'sk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    ),
  );
  await time.advance(10);
});

afterEach(() => time.uninstall());

describe('the simulated DynamoDB', () => {
  it("describes a table as this account's and Region's own", async () => {
    const { Table } = await time.drive(raw.send(new DescribeTableCommand({ TableName: 'ledger' })));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/ledger',
    });
    expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexArn).toMatch(/:123456789012:table\/ledger\/index\/by-state$/);
  });

  it('keeps items of every type, each call taking only its latency of virtual time', async () => {
    const item = { pk: 'run#1', sk: 'run', state: 'open', count: 3, tags: ['a'], deep: { on: true, none: null } };
    const startMs = time.nowMs();
    await time.drive(table.send(new PutCommand({ TableName: 'ledger', Item: item })));
    const { Item } = await time.drive(
      table.send(new GetCommand({ TableName: 'ledger', Key: { pk: 'run#1', sk: 'run' } })),
    );
    expect(Item).toEqual(item);
    expect(time.nowMs() - startMs).toBe(40);
  });

  it('updates with expressions, on conditions, and shows the item that stood against it', async () => {
    const Key = { pk: 'lease', sk: 'w' };
    const take = (owner: string) =>
      new UpdateCommand({
        TableName: 'ledger',
        Key,
        UpdateExpression: 'SET #o = :o ADD takes :one',
        ConditionExpression: 'attribute_not_exists(pk) OR #o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': owner, ':one': 1 },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
    await time.drive(table.send(take('a')));
    const { Attributes } = await time.drive(table.send(take('a')));
    expect(Attributes).toEqual({ ...Key, owner: 'a', takes: 2 });
    await expect(time.drive(table.send(take('b')))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: 'lease' }, owner: { S: 'a' }, takes: { N: '2' } },
    });
  });

  it('queries a key range and an index, page by page', async () => {
    for (const day of ['01', '02', '03'])
      await time.drive(table.send(new PutCommand({ TableName: 'ledger', Item: { pk: 'w', sk: day, state: 'open' } })));
    const query = (ExclusiveStartKey?: Record<string, unknown>) =>
      time.drive(
        table.send(
          new QueryCommand({
            TableName: 'ledger',
            IndexName: 'by-state',
            KeyConditionExpression: '#s = :s AND sk >= :from',
            ExpressionAttributeNames: { '#s': 'state' },
            ExpressionAttributeValues: { ':s': 'open', ':from': '02' },
            Limit: 1,
            ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
          }),
        ),
      );
    const first = await query();
    const second = await query(first.LastEvaluatedKey);
    expect([first.Items?.[0]?.sk, second.Items?.[0]?.sk]).toEqual(['02', '03']);
    expect(kernel.calls.of('dynamodb', 'Query')[0]?.accesses).toEqual([
      { action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/ledger/index/by-state' },
    ]);
  });

  it('takes settings that a stack makes', async () => {
    const specification = { AttributeName: 'expires', Enabled: true };
    await time.drive(
      raw.send(new UpdateTimeToLiveCommand({ TableName: 'ledger', TimeToLiveSpecification: specification })),
    );
    expect(gateway.unknownOperations).toEqual([]);
  });
});
