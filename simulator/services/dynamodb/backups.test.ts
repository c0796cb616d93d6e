import {
  CreateBackupCommand,
  CreateTableCommand,
  DeleteBackupCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListBackupsCommand,
  ListContributorInsightsCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  ScanCommand,
  TagResourceCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createDynamoDb } from './dynamodb.ts';

let time: VirtualTime;
let kernel: OpenKernel;
let client: DynamoDBClient;

const TableName = 'orders';
const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders';

const send: DynamoDBClient['send'] = (command: never) => time.drive(client.send(command));
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => error.name,
  );

beforeEach(async () => {
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  kernel = createKernel({ seed: 1 });
  const gateway = createGateway(
    kernel,
    [createDynamoDb(kernel, { mostRestores: 2 })],
    createIdentities(kernel.account),
  );
  client = new DynamoDBClient(clientSettings(gateway));
  await send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true },
      AttributeDefinitions: ['id', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          ...{ IndexName: 'by-state', Projection: { ProjectionType: 'ALL' } },
          KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
        },
      ],
    }),
  );
  await time.advance(10);
  await put('one');
});

afterEach(() => time.uninstall());

const put = (id: string) => send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
const take = async (BackupName = 'night') =>
  (await send(new CreateBackupCommand({ TableName, BackupName }))).BackupDetails?.BackupArn ?? '';
const restore = (BackupArn: string, TargetTableName = 'orders-new') =>
  send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName }));
const remove = (BackupArn: string) => send(new DeleteBackupCommand({ BackupArn }));
const described = async (name: string) => (await send(new DescribeTableCommand({ TableName: name }))).Table;
const minutes = (count: number) => time.advance(count * 60_000);

describe('a backup of a simulated table', () => {
  it('is of the call, and available after a while', async () => {
    const BackupArn = await take();
    await put('two');
    const seen = async () => (await send(new DescribeBackupCommand({ BackupArn }))).BackupDescription?.BackupDetails;
    expect(BackupArn).toMatch(new RegExp(`^${arn}/backup/`));
    expect(await seen()).toMatchObject({ BackupName: 'night', BackupStatus: 'CREATING' });
    await minutes(5);
    expect(await seen()).toMatchObject({ BackupStatus: 'AVAILABLE', BackupType: 'USER' });
    await restore(BackupArn);
    await minutes(30);
    const { Items } = await send(new ScanCommand({ TableName: 'orders-new' }));
    expect(Items).toEqual([{ id: { S: 'one' } }]);
  });

  it('shares its name with others, and is listed in pages', async () => {
    const arns = [await take(), await take(), await take('other')];
    const first = await send(new ListBackupsCommand({ TableName, Limit: 2 }));
    expect(first.BackupSummaries?.map(({ BackupName }) => BackupName)).toEqual(['night', 'night']);
    const ExclusiveStartBackupArn = first.LastEvaluatedBackupArn;
    const second = await send(new ListBackupsCommand({ TableName, Limit: 2, ExclusiveStartBackupArn }));
    expect(second.BackupSummaries?.map(({ BackupArn }) => BackupArn)).toEqual([arns[2]]);
    expect(second.LastEvaluatedBackupArn).toBeUndefined();
  });

  it('is listed with those of all tables since a time', async () => {
    await take();
    await minutes(5);
    const TimeRangeLowerBound = new Date(Date.now() - 60_000);
    const later = await take('later');
    const { BackupSummaries } = await send(new ListBackupsCommand({ TimeRangeLowerBound }));
    expect(BackupSummaries?.map(({ BackupArn }) => BackupArn)).toEqual([later]);
  });

  it('is neither deleted nor restored while it is made', async () => {
    const backup = await take();
    expect(await refusal(remove(backup))).toBe('BackupInUseException');
    expect(await refusal(restore(backup))).toBe('BackupInUseException');
    await minutes(5);
    expect(await refusal(remove(backup))).toBe('none');
    expect(await refusal(remove(backup))).toBe('BackupNotFoundException');
  });

  it('is not of a table that does not exist', async () => {
    const call = send(new CreateBackupCommand({ TableName: 'nothing', BackupName: 'night' }));
    expect(await refusal(call)).toBe('TableNotFoundException');
  });
});

describe('restores', () => {
  it('are refused while as many are under way as may be', async () => {
    const backup = await take();
    await minutes(5);
    for (const name of ['first', 'second']) expect(await refusal(restore(backup, name))).toBe('none');
    expect(await refusal(restore(backup, 'third'))).toBe('LimitExceededException');
    await minutes(20);
    expect(await refusal(restore(backup, 'third'))).toBe('none');
  });
});

describe('a restored table', () => {
  it('has keys and indexes, and neither tags, expiry nor deletion protection', async () => {
    await send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'team', Value: 'orders' }] }));
    const expiry = { AttributeName: 'expires', Enabled: true };
    await send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: expiry }));
    const backup = await take();
    await minutes(5);
    await restore(backup);
    const table = await described('orders-new');
    expect(table).toMatchObject({ TableStatus: 'CREATING', RestoreSummary: { RestoreInProgress: true } });
    await minutes(30);
    const after = await described('orders-new');
    expect(after).toMatchObject({
      ...{ TableStatus: 'ACTIVE', RestoreSummary: { RestoreInProgress: false } },
      GlobalSecondaryIndexes: [{ IndexName: 'by-state' }],
    });
    expect(after?.DeletionProtectionEnabled).toBeUndefined();
    expect(after?.TableId).not.toBe((await described(TableName))?.TableId);
    expect(await send(new ListTagsOfResourceCommand({ ResourceArn: after?.TableArn }))).toMatchObject({ Tags: [] });
    expect(await send(new DescribeTimeToLiveCommand({ TableName: 'orders-new' }))).toMatchObject({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    });
  });

  it('has a name of its own, and is written with the rights of whoever asked', async () => {
    const backup = await take();
    await minutes(5);
    expect(await refusal(restore(backup, TableName))).toBe('TableAlreadyExistsException');
    await restore(backup);
    const actions = kernel.calls.of('dynamodb', 'RestoreTableFromBackup').at(-1)?.accesses ?? [];
    expect(actions).toContainEqual({ action: 'dynamodb:BatchWriteItem', resource: `${arn}-new` });
    expect(actions).toContainEqual({ action: 'dynamodb:RestoreTableFromBackup', resource: backup });
  });
});

it('a table is changed once at a time', async () => {
  const change = (DeletionProtectionEnabled: boolean) =>
    send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
  await change(false);
  expect(await described(TableName)).toMatchObject({ TableStatus: 'UPDATING', DeletionProtectionEnabled: false });
  expect(await refusal(change(true))).toBe('ResourceInUseException');
  await minutes(1);
  expect(await refusal(change(true))).toBe('none');
});

describe('a table', () => {
  const warm = (ReadUnitsPerSecond: number) =>
    send(new UpdateTableCommand({ TableName, WarmThroughput: { ReadUnitsPerSecond, WriteUnitsPerSecond: 4_000 } }));

  it('has warm throughput that can only grow', async () => {
    const least = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };
    expect(await described(TableName)).toMatchObject({
      ...{ WarmThroughput: least, GlobalSecondaryIndexes: [{ WarmThroughput: least }] },
    });
    await warm(20_000);
    await time.advance(10_000);
    expect(await refusal(warm(15_000))).toBe('ValidationException');
    const WarmThroughput = { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5_000 };
    const GlobalSecondaryIndexUpdates = [{ Update: { IndexName: 'by-state', WarmThroughput } }];
    await send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
    await time.advance(10_000);
    expect(await described(TableName)).toMatchObject({
      WarmThroughput: { ReadUnitsPerSecond: 20_000 },
      GlobalSecondaryIndexes: [{ WarmThroughput }],
    });
  });

  it('has insights of its own and of each index', async () => {
    const listed = async () =>
      (await send(new ListContributorInsightsCommand({ TableName }))).ContributorInsightsSummaries;
    const enable = { TableName, IndexName: 'by-state', ContributorInsightsAction: 'ENABLE' } as const;
    expect(await listed()).toEqual([]);
    await send(new UpdateContributorInsightsCommand(enable));
    expect(await listed()).toMatchObject([{ IndexName: 'by-state', ContributorInsightsStatus: 'ENABLED' }]);
    await send(new UpdateContributorInsightsCommand({ ...enable, ContributorInsightsAction: 'DISABLE' }));
    expect(await listed()).toEqual([]);
  });
});
