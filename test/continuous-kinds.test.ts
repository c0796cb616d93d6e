/** A night and a recovery of the other kinds whose artifact may be a moment; of RDS there is `continuous.test.ts`. */
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { guardMs } from '#domain/cut.ts';
import { mails, untilFree, untilHeld } from './scenario/holding.ts';
import { database, nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { thinOutSweeps } from './scenario/sweeps.ts';

let stage: Stage;

interface Kind {
  readonly member: { readonly kind: 'aurora' | 'dynamodb'; readonly resource: string; readonly parameter?: string };
  launch(): Promise<void>;
  write(row: string): Promise<void>;
  /** Of what applications find now. */
  rows(): Promise<readonly string[]>;
  copies(): number;
}

const world = () => stage.services.rds.world;

const aurora: Kind = {
  member: { kind: 'aurora', resource: 'orders' },
  launch: async () => world().launchCluster({ name: 'orders', tags: { team: 'orders' } }),
  write: async (row) => void world().cluster('orders').rows.push(row),
  rows: async () => [...world().cluster('orders').rows],
  copies: () => world().clusterSnapshots.size,
};

const table = 'Orders.v1';
const parameter = '/orders/table';
const items: DynamoDBClient['send'] = (command: never) => stage.drive(new DynamoDBClient({}).send(command));
const parameters: SSMClient['send'] = (command: never) => stage.drive(new SSMClient({}).send(command));

const dynamodb: Kind = {
  member: { kind: 'dynamodb', resource: table, parameter },
  launch: async () => {
    const key = { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }] };
    const schema = [{ AttributeName: 'id', KeyType: 'HASH' as const }];
    await items(
      new CreateTableCommand({ TableName: table, BillingMode: 'PAY_PER_REQUEST', KeySchema: schema, ...key }),
    );
    await stage.time.advance(1000);
    const recovery = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 14 };
    const command = { TableName: table, PointInTimeRecoverySpecification: recovery };
    await items(new UpdateContinuousBackupsCommand(command));
    await stage.drive(stage.services.dynamodb.arrange.keepHistory(table));
    await parameters(new PutParameterCommand({ Name: parameter, Value: table, Type: 'String' }));
  },
  write: async (row) => void (await items(new PutItemCommand({ TableName: table, Item: { id: { S: row } } }))),
  rows: async () => {
    const { Parameter } = await parameters(new GetParameterCommand({ Name: parameter }));
    const found = await items(new ScanCommand({ TableName: Parameter?.Value }));
    return (found.Items ?? []).map(({ id }) => id?.S ?? '').sort();
  },
  copies: () => stage.services.dynamodb.world.backups.size,
};

afterEach(() => closeStage(stage));

describe.each([aurora, dynamodb])('$member.kind', ({ member, launch, write, rows, copies }) => {
  it('is pinned while all is held, and brought back as of then', async () => {
    const hook = { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release' } as const;
    const policy = database({
      members: [
        { ...member, continuous: true },
        { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
      ],
      quiesce: { hooks: [{ ...hook, deadlineSeconds: 300 }], onFailure: 'abort' },
      retention: { days: 14, minimum: 3 },
    });
    stage = await openStage({ policy: nightly({ 'orders-db': policy }) });
    await launch();
    await write('order 1 in file a');
    await untilHeld(stage);
    const heldMs = await untilFree(stage, hourMs);
    await write('order 2 in file b, when the disk was done');
    await stage.time.advance(hourMs);
    const [point] = await pointsIn(stage, 'orders-db');
    const [moment] = point?.artifacts.filter(({ kind }) => kind === member.kind) ?? [];
    const disks = point?.artifacts.filter(({ kind }) => kind === 'ebs') ?? [];
    expect(moment).toMatchObject({ source: member.resource, state: 'completed', continuous: true });
    expect(disks).toHaveLength(4);
    for (const { startedAt } of disks)
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(moment?.startedAt ?? '') + guardMs);
    expect(point?.verdict.consistency).toBe('application-consistent');
    expect(heldMs).toBeLessThan(1.4 * minuteMs);
    expect(copies()).toBe(0);
    await write('order 3 in file c, a mistake');
    expect(failureOf(await recover(stage, { workload: 'orders-db' }))).toBe(': ');
    expect((await recovered(stage, 'orders-db'))?.state).toBe('committed');
    expect(await rows()).toEqual(['order 1 in file a']);
    // The daily look finds the moment in the backup of what was replaced.
    thinOutSweeps(stage, 1);
    await stage.time.advance(23 * hourMs);
    expect((await pointsIn(stage, 'orders-db')).find(({ id }) => id === point?.id)?.broken).toBeUndefined();
    expect(mails(stage).filter((subject) => /FAILED|BROKEN/.test(subject))).toEqual([]);
  });
});
