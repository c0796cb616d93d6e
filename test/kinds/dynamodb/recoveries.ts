import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ScanCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Region } from '#simulator/region.ts';
import type { RecoveryArrangement, RecoveryArrangements } from '../../conformance/recovery-arrangement.ts';

const resource = 'Orders.v1';
const parameter = '/orders/table';
const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const;

const sendTo =
  (region: Region): DynamoDBClient['send'] =>
  (command: never) =>
    region.drive(new DynamoDBClient({}).send(command));
const present = ({ services }: Region) => services.ssm.parameters.get(parameter) ?? '';

async function launch(region: Region): Promise<void> {
  const send = sendTo(region);
  const TableName = resource;
  const { TableDescription } = await send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST', TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      DeletionProtectionEnabled: true,
    }),
  );
  await region.time.advance(1000);
  const expiry = { AttributeName: 'expires', Enabled: true };
  await send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: expiry }));
  const recovery = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 10 };
  await send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: recovery }));
  await region.services.dynamodb.arrange.keepHistory(TableName);
  const ResourceArn = TableDescription?.TableArn;
  await send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'team', Value: 'shop' }] }));
  region.services.ssm.parameters.set(parameter, TableName);
}

async function shown(region: Region, TableName: string) {
  const send = sendTo(region);
  const { Table } = await send(new DescribeTableCommand({ TableName }));
  const { Items = [] } = await send(new ScanCommand({ TableName }));
  const { Tags = [] } = await send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }));
  const { ContinuousBackupsDescription } = await send(new DescribeContinuousBackupsCommand({ TableName }));
  const { TimeToLiveDescription } = await send(new DescribeTimeToLiveCommand({ TableName }));
  const { RecoveryPeriodInDays } = ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  return {
    table: { status: Table?.TableStatus, stream: Table?.StreamSpecification?.StreamViewType },
    rows: Items.flatMap(({ id }) => id?.S ?? []).toSorted((one, other) => other.localeCompare(one)),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    settings: {
      ...{ class: Table?.TableClassSummary?.TableClass, isProtected: Table?.DeletionProtectionEnabled },
      ...{ days: RecoveryPeriodInDays, expiry: TimeToLiveDescription?.AttributeName },
    },
  };
}

const snapshot: RecoveryArrangement = {
  member: { kind: 'dynamodb', resource, parameter },
  launch,
  write: async (region, row) =>
    void (await sendTo(region)(new PutItemCommand({ TableName: present(region), Item: { id: { S: row } } }))),
  find: async (region) => {
    const { rows, settings, tags } = await shown(region, present(region));
    return {
      rows: rows.toSorted((one, other) => other.localeCompare(one)),
      settings: { ...settings, team: tags.team },
    };
  },
  everything: async (region) => {
    const { TableNames = [] } = await sendTo(region)(new ListTablesCommand({}));
    const tables: [string, unknown][] = [];
    for (const name of TableNames) tables.push([name, await shown(region, name)]);
    return new Map<string, unknown>([...tables, [parameter, present(region)]]);
  },
  ungiven: {
    give: async (region) => {
      await sendTo(region)(new UpdateTableCommand({ TableName: resource, StreamSpecification }));
      await region.time.advance(60_000);
    },
    told: /its stream has another ARN: lead its readers \(event source mappings\) there/,
    isThere: (region) => present(region) === resource,
  },
  // Its encryption key goes, while the table is being made.
  newOneBreaks: ({ clock, calls, services }) => {
    const look = (): void => {
      const asked = [
        ...calls.of('dynamodb', 'RestoreTableFromBackup'),
        ...calls.of('dynamodb', 'RestoreTableToPointInTime'),
      ];
      const { TableName, TargetTableName: name = TableName } = Object(asked.at(-1)?.input);
      if (name === undefined) clock.at(clock.nowMs() + 1000, look);
      else services.dynamodb.arrange.setStatus(name, 'INACCESSIBLE_ENCRYPTION_CREDENTIALS');
    };
    look();
  },
};

export const recoveries: RecoveryArrangements = {
  dynamodb: snapshot,
  'dynamodb: a moment': { ...snapshot, member: { kind: 'dynamodb', resource, parameter, continuous: true } },
};
