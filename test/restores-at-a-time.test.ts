/** Tables that are brought back together: DynamoDB restores only so many at a time. */
import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '#domain/policy-schema.ts';
import { restorerOf } from '#providers/restorers.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, hourMs, minuteMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

const workload = 'orders';
const tables = ['carts', 'customers', 'invoices', 'orders', 'returns'];
const parameterOf = (table: string) => `/tables/${table}`;
const policy = nightly({
  [workload]: {
    schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
    members: tables.map((resource) => ({ kind: 'dynamodb', resource, parameter: parameterOf(resource) })),
  },
});

const send: DynamoDBClient['send'] = (command: never) => stage.drive(new DynamoDBClient({}).send(command));

/** A night has passed. */
beforeEach(async () => {
  stage = await openStage({ policy, dynamodb: { mostRestores: 2, restoreMs: 2 * minuteMs } });
  for (const TableName of tables) {
    const command = new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    await send(command);
    await stage.time.advance(1000);
    const recovery = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 };
    await send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: recovery }));
    stage.services.ssm.parameters.set(parameterOf(TableName), TableName);
  }
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, workload)).toHaveLength(1);
});

afterEach(() => closeStage(stage));

const said = () => tables.map((table) => stage.services.ssm.parameters.get(parameterOf(table)));
const settingsOf = (name = '') => stage.services.dynamodb.world.tables.get(name);
const refusals = () => stage.calls.all().flatMap(({ errorCode = [] }) => errorCode);

it('are restored one after another, where the account has room for no more', async () => {
  const limits = refusals().length;
  expect(failureOf(await recover(stage, { workload }))).toBe(': ');
  expect(refusals().slice(limits)).toContain('LimitExceededException');
  const made = said().map((name = '') => name.replace(/-new-[0-9a-f]{6}$/, ''));
  expect(made).toEqual(tables);
  expect(said()).not.toEqual(tables);
});

it('wait for what others change, too, and lack none of their settings for it', async () => {
  const effect = {
    kind: 'refuse',
    code: 'LimitExceededException',
    message: 'Too many operations',
    status: 400,
  } as const;
  stage.faults.add({ service: 'dynamodb', operation: 'UpdateContinuousBackups', times: 8, effect });
  expect(failureOf(await recover(stage, { workload }))).toBe(': ');
  for (const name of said()) expect(settingsOf(name)).toMatchObject({ recoveryDays: 7 });
});

it('wait for no room that time does not make: as many tables as the account may have', async () => {
  const message = 'Subscriber limit exceeded: There is a limit of 2,500 tables per subscriber';
  const effect = { kind: 'refuse', code: 'LimitExceededException', message, status: 400 } as const;
  stage.faults.add({ service: 'dynamodb', operation: 'RestoreTableFromBackup', times: Infinity, effect });
  const { startMs, stopMs = Infinity } = await recover(stage, { workload });
  expect(stopMs - startMs).toBeLessThan(10 * minuteMs);
  expect(await recovered(stage, workload)).toMatchObject({ state: 'rolled-back' });
  expect(said()).toEqual(tables);
  expect(stage.inbox(failuresAddress).at(-1)?.message.replaceAll(/\s+/g, ' ')).toContain('a limit of 2,500 tables');
});

it('say beforehand that some wait, where there are more than AWS restores at a time', async () => {
  const [point] = await pointsIn(stage, workload);
  const [artifact] = point?.artifacts ?? [];
  if (point === undefined || artifact === undefined) throw new Error('there is no point');
  const parsed = parsePolicy(policy);
  const [own] = 'policy' in parsed ? parsed.policy.workloads : [];
  if (own === undefined) throw new Error('there is no workload');
  const planOf = async (count: number) => {
    const artifacts = Array.from({ length: count }, () => artifact);
    return stage.drive(restorerOf('dynamodb').plan({ ...point, artifacts }, { workload }, own, []));
  };
  const waits =
    'dynamodb: 51 are brought back, and AWS restores 50 at a time in an account: the others wait for those before them.';
  expect((await planOf(50)).warnings).not.toContain(waits);
  expect((await planOf(51)).warnings).toContain(waits);
});
