/** A night and a recovery of a workload whose rows are in a DynamoDB table and whose files are on EBS. */
import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  ScanCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardMs } from '#domain/cut.ts';
import { denied, firstRun, mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { begin, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  redeploy,
  type Stage,
} from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

const parameter = '/orders/table';
const TableName = 'Orders.v1';
const policyWith = (changes = {}) =>
  nightly({
    'orders-db': database({
      members: [
        { kind: 'dynamodb', resource: TableName, parameter },
        { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
      ],
      quiesce: {
        hooks: [
          {
            kind: 'command',
            quiesce: '/opt/holdfast/quiesce',
            release: '/opt/holdfast/release',
            deadlineSeconds: 3600,
          },
        ],
        onFailure: 'abort',
      },
      ...changes,
    }),
  });

const send: DynamoDBClient['send'] = (command: never) => stage.drive(new DynamoDBClient({}).send(command));
const write = (id: string) => send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
const itemsOf = async (table: string) =>
  ((await send(new ScanCommand({ TableName: table }))).Items ?? []).map(({ id }) => id?.S).sort();
const tagsOf = async (arn = '') => (await send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags;
const said = async () =>
  (await stage.drive(new SSMClient({}).send(new GetParameterCommand({ Name: parameter })))).Parameter?.Value;
const say = (Value: string) =>
  stage.drive(
    new SSMClient({}).send(new PutParameterCommand({ Name: parameter, Value, Type: 'String', Overwrite: true })),
  );

async function launch(): Promise<void> {
  const { TableDescription } = await send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    }),
  );
  const ResourceArn = TableDescription?.TableArn;
  await stage.time.advance(1000);
  const expiry = { AttributeName: 'expires', Enabled: true };
  await send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: expiry }));
  const recovery = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 };
  await send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: recovery }));
  await send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'team', Value: 'orders' }] }));
  await send(new PutResourcePolicyCommand({ ResourceArn, Policy: '{}' }));
  await write('order 1 in file a');
}

beforeEach(async () => {
  stage = await openStage({ policy: policyWith() });
});

afterEach(() => closeStage(stage));

describe('a night', () => {
  it('backs the table up when all has been held for a minute, and takes the disk when nothing later can be inside', async () => {
    await launch();
    await untilHeld(stage);
    const heldSinceMs = Date.now();
    const heldMs = await untilFree(stage, hourMs);
    await stage.time.advance(hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    const [backup] = point?.artifacts.filter(({ kind }) => kind === 'dynamodb') ?? [];
    const disks = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
    expect(disks).toHaveLength(4);
    expect(backup).toMatchObject({
      ...{ source: TableName, state: 'completed', id: expect.stringMatching(/^arn:aws:dynamodb:.*\/backup\//) },
      detail: { streamView: 'NEW_IMAGE', expiryAttribute: 'expires', recoveryDays: 7, tags: { team: 'orders' } },
    });
    const { lower = '', upper = '' } = backup?.cut ?? {};
    expect(Date.parse(lower)).toBeGreaterThanOrEqual(heldSinceMs - 1000);
    expect(Date.parse(upper) - Date.parse(lower)).toBe(2 * minuteMs);
    for (const { startedAt } of disks)
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(upper) + guardMs);
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(heldMs).toBeLessThan(4 * minuteMs);
    expect(mails(stage)).toEqual([]);
  });

  it('adopts the backup whose reply was lost, and makes no second one of the name', async () => {
    await launch();
    stage.faults.add({ service: 'dynamodb', operation: 'CreateBackup', effect: { kind: 'lose-reply' }, times: 1 });
    await stage.time.advance(4 * hourMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    expect(stage.services.dynamodb.world.backups.size).toBe(1);
  });

  it('keeps the backup in its books when the disk cannot be taken', async () => {
    await launch();
    stage.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: denied, times: 4 });
    await stage.time.advance(4 * hourMs);
    const run = await firstRun(stage);
    expect(run.state).toBe('failed');
    expect(run.artifacts.map(({ id }) => id)).toEqual([...stage.services.dynamodb.world.backups.keys()]);
  });

  it('is refused without the table, before anything is held still', async () => {
    await stage.time.advance(3 * hourMs);
    const run = await firstRun(stage);
    expect(run.failure).toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining(`dynamodb ${TableName} does not exist`),
    });
    expect(run.window).toBeUndefined();
  });

  it('deletes the backup when its time is over', async () => {
    await redeploy(stage, policyWith({ retention: { days: 1, minimum: 1 } }));
    await launch();
    thinOutSweeps(stage, 1);
    await stage.time.advance(3 * dayMs);
    const points = await pointsIn(stage, 'orders-db');
    const kept = points.filter(({ retire }) => retire?.doneAt === undefined);
    expect(kept.length).toBeLessThan(points.length);
    expect(stage.services.dynamodb.world.backups.size).toBe(kept.length);
  });
});

describe('a recovery', () => {
  beforeEach(async () => {
    await launch();
    await say(TableName);
    await stage.time.advance(4 * hourMs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
    await write('order 2 in file b, a mistake');
  });

  it('makes a table of then with all that a restore forgets, and the parameter leads to it; the replaced one is kept', async () => {
    const execution = await recover(stage, { workload: 'orders-db' });
    expect(failureOf(execution)).toBe(': ');
    const recovery = await recovered(stage, 'orders-db');
    expect(recovery?.state).toBe('committed');
    expect(recovery?.plan?.warnings.join('\n')).toContain('its stream has another ARN');
    const made = (await said()) ?? '';
    expect(made).toMatch(/^Orders\.v1-new-/);
    expect(await itemsOf(made)).toEqual(['order 1 in file a']);
    const { Table } = await send(new DescribeTableCommand({ TableName: made }));
    expect(Table).toMatchObject({
      ...{ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    });
    expect(await send(new DescribeTimeToLiveCommand({ TableName: made }))).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'expires' },
    });
    expect(await send(new DescribeContinuousBackupsCommand({ TableName: made }))).toMatchObject({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { RecoveryPeriodInDays: 7 } },
    });
    expect(await tagsOf(Table?.TableArn)).toEqual(
      expect.arrayContaining([
        { Key: 'team', Value: 'orders' },
        { Key: 'holdfast:recovery', Value: 'recovery-1' },
        { Key: 'holdfast:role', Value: 'restored' },
      ]),
    );
    expect(await itemsOf(TableName)).toHaveLength(2);
    const replaced = await tagsOf(Table?.TableArn?.replace(made, TableName));
    expect(replaced).toContainEqual({ Key: 'holdfast:role', Value: 'replaced' });
  });

  it('makes one table, whatever replies are lost', async () => {
    for (const operation of ['RestoreTableFromBackup', 'UpdateTable', 'UpdateTimeToLive', 'TagResource'])
      stage.faults.add({ service: 'dynamodb', operation, effect: { kind: 'lose-reply' }, times: 2 });
    stage.faults.add({ service: 'ssm', operation: 'PutParameter', effect: { kind: 'lose-reply' }, times: 1 });
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'committed' });
    const { TableNames = [] } = await send(new ListTablesCommand({}));
    const made = TableNames.filter((name) => name.startsWith(TableName) && name !== TableName);
    expect(made).toEqual([await said()]);
  });

  it('leads applications back when the instance does not start', async () => {
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied, times: 4 });
    await recover(stage, { workload: 'orders-db' });
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(await said()).toBe(TableName);
    expect(await itemsOf(TableName)).toHaveLength(2);
    const { Table } = await send(new DescribeTableCommand({ TableName }));
    expect(await tagsOf(Table?.TableArn)).toEqual([{ Key: 'team', Value: 'orders' }]);
  });

  it('leaves the parameter to whoever leads applications elsewhere while the table is made, and says so', async () => {
    await begin(stage, { workload: 'orders-db' });
    await stage.time.advance(5 * minuteMs);
    await say('Orders.by-hand');
    await end(stage);
    expect(await recovered(stage, 'orders-db')).toMatchObject({ state: 'rolled-back' });
    expect(await said()).toBe('Orders.by-hand');
    const mail = stage.inbox(failuresAddress).at(-1)?.message.replaceAll(/\s+/g, ' ');
    expect(mail).toContain(`says Orders.by-hand, not ${TableName} as before: somebody has changed it`);
  });

  it('says which table is which when the way back fails, too', async () => {
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied, times: Number.POSITIVE_INFINITY });
    await recover(stage, { workload: 'orders-db' });
    const recovery = await recovered(stage, 'orders-db');
    expect(recovery?.state).toBe('stranded');
    const left = recovery?.leftovers?.join('\n');
    expect(left).toMatch(/dynamodb Orders\.v1 is \S+, ACTIVE \(the original\)/);
    expect(left).toMatch(/dynamodb Orders\.v1-new-\w+ is \S+, ACTIVE \(made by the recovery\)/);
  });

  it('is refused, before anything is made, when the backup is gone', async () => {
    for (const arn of stage.services.dynamodb.world.backups.keys()) stage.services.dynamodb.arrange.backupDeleted(arn);
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toContain('is gone, and cannot be restored');
  });
});
