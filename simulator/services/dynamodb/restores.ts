/** New tables of items that were there once: from a backup, or from a moment. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { realWork } from '../../kernel/real-work.ts';
import { ApiError, type Kernel } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import type { TableSettings, tableSettings } from './table-settings.ts';

export type Items = readonly Record<string, DynamoDb.AttributeValue>[];

export async function itemsOf(ask: Ask, table: string | undefined): Promise<Items> {
  const found: Record<string, DynamoDb.AttributeValue>[] = [];
  let from: DynamoDb.ScanInput['ExclusiveStartKey'];
  do {
    const page = Object(await ask('Scan', { TableName: table, ExclusiveStartKey: from })) as DynamoDb.ScanOutput;
    found.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return found;
}

/** Undefined: there is none of that name. */
export async function tableNamed(ask: Ask, name: string | undefined): Promise<DynamoDb.TableDescription | undefined> {
  const shown = ask('DescribeTable', { TableName: name });
  return (Object(await shown.catch(() => undefined)) as DynamoDb.DescribeTableOutput).Table;
}

const capacity = ({ ReadCapacityUnits, WriteCapacityUnits }: DynamoDb.ProvisionedThroughputDescription = {}) => ({
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
});

/** What makes a table that is described so. */
function creating(name: string, table: DynamoDb.TableDescription): DynamoDb.CreateTableInput {
  const isOnDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const indexes = (list: readonly DynamoDb.GlobalSecondaryIndexDescription[] | undefined) =>
    list?.map(({ IndexName, KeySchema, Projection, ProvisionedThroughput }) => ({
      ...{ IndexName, KeySchema, Projection },
      ...(isOnDemand || ProvisionedThroughput === undefined ? {} : capacity(ProvisionedThroughput)),
    }));
  return {
    TableName: name,
    ...(isOnDemand ? { BillingMode: 'PAY_PER_REQUEST' } : capacity(table.ProvisionedThroughput)),
    AttributeDefinitions: table.AttributeDefinitions,
    KeySchema: table.KeySchema,
    LocalSecondaryIndexes: indexes(table.LocalSecondaryIndexes),
    GlobalSecondaryIndexes: indexes(table.GlobalSecondaryIndexes),
  };
}

export interface Restoring {
  readonly input: Pick<DynamoDb.RestoreTableFromBackupInput, 'TargetTableName' | 'SSESpecificationOverride'>;
  /** As it was described. */
  readonly source: DynamoDb.TableDescription;
  readonly backupArn?: string | undefined;
  readonly items: Items;
  readonly ofMs: number;
}

interface RestoreOptions {
  readonly restoreMs: number;
  readonly mostRestores: number;
}

export function createRestores(
  kernel: Kernel,
  ask: Ask,
  { all, of }: ReturnType<typeof tableSettings>,
  { restoreMs, mostRestores }: RestoreOptions,
) {
  /** The items are there before the table is active. */
  const fill = async (name: string, items: Items): Promise<void> => {
    for (const Item of items) await ask('PutItem', { TableName: name, Item });
    const settings = of(name);
    delete settings.status;
    if (settings.restored !== undefined) settings.restored = { ...settings.restored, RestoreInProgress: false };
  };

  const isUnderWay = ({ restored }: TableSettings) => restored?.RestoreInProgress === true;

  return async ({ input, source, backupArn, items, ofMs }: Restoring) => {
    const { TargetTableName: name = '', SSESpecificationOverride: encryption } = input;
    if ((await tableNamed(ask, name)) !== undefined)
      throw new ApiError('TableAlreadyExistsException', `Table already exists: ${name}`);
    if ([...all.values()].filter(isUnderWay).length >= mostRestores)
      throw new ApiError(
        'LimitExceededException',
        `Subscriber limit exceeded: Only ${mostRestores} restores at a time`,
      );
    await ask('CreateTable', creating(name, source));
    const settings = of(name);
    settings.status = 'CREATING';
    settings.restored = {
      ...{ SourceBackupArn: backupArn, SourceTableArn: source.TableArn },
      ...{ RestoreDateTime: new Date(ofMs), RestoreInProgress: true },
    };
    if (encryption?.KMSMasterKeyId !== undefined)
      settings.features = { SSEDescription: { SSEType: 'KMS', KMSMasterKeyArn: encryption.KMSMasterKeyId } };
    kernel.clock.at(kernel.clock.nowMs() + restoreMs, () => void realWork(() => fill(name, items)));
    return { TableDescription: { TableName: name, TableStatus: 'CREATING', RestoreSummary: settings.restored } };
  };
}
