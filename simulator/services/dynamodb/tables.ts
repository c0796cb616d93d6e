/** Tables as DynamoDB describes them: the engine's description, and over it what the engine does not know. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import type { SettingsOf, TableSettings } from './table-settings.ts';

type Features = Pick<
  DynamoDb.CreateTableInput & DynamoDb.UpdateTableInput,
  'StreamSpecification' | 'DeletionProtectionEnabled' | 'TableClass' | 'SSESpecification' | 'WarmThroughput'
>;

/** After a change a table is `UPDATING` for so long. */
const updateMs = 8_000;

/** What the engine takes, apart from what it does not know. */
function partsOf<Input extends Features>(input: Input) {
  const { StreamSpecification, DeletionProtectionEnabled, TableClass, WarmThroughput, ...others } = input;
  const { SSESpecification: encryption, ...plain } = others;
  const { Enabled = false, KMSMasterKeyId } = encryption ?? {};
  const features: TableSettings['features'] = {
    ...(StreamSpecification === undefined ? {} : { StreamSpecification }),
    ...(DeletionProtectionEnabled === undefined ? {} : { DeletionProtectionEnabled }),
    ...(WarmThroughput === undefined ? {} : { WarmThroughput }),
    ...(TableClass === undefined ? {} : { TableClassSummary: { TableClass } }),
    ...(Enabled && KMSMasterKeyId !== undefined
      ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: KMSMasterKeyId } }
      : {}),
  };
  return { plain, features };
}

/** Of an index the engine knows no such change. */
function splitWarmth({ GlobalSecondaryIndexUpdates: updates = [], ...plain }: DynamoDb.UpdateTableInput) {
  const warmed = updates.flatMap(({ Update: update }) =>
    update?.WarmThroughput === undefined ? [] : [[update.IndexName ?? '', update.WarmThroughput] as const],
  );
  const left = updates.filter(({ Update: update }) => update?.WarmThroughput === undefined);
  return { warmed, plain: left.length === 0 ? plain : { ...plain, GlobalSecondaryIndexUpdates: left } };
}

/** Of a table on demand, or with less than that. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html */
const leastWarm: DynamoDb.WarmThroughput = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

function refuseCooler(now: DynamoDb.WarmThroughput, wanted: DynamoDb.WarmThroughput | undefined): void {
  const { ReadUnitsPerSecond: reads = 0, WriteUnitsPerSecond: writes = 0 } = { ...now, ...wanted };
  if (reads >= (now.ReadUnitsPerSecond ?? 0) && writes >= (now.WriteUnitsPerSecond ?? 0)) return;
  throw new ApiError(
    'ValidationException',
    'One or more parameter values were invalid: WarmThroughput cannot be decreased.',
  );
}

export function tableOperations(kernel: Kernel, ask: Ask, of: SettingsOf): Service['operations'] {
  const described = async (operation: 'CreateTable' | 'DescribeTable' | 'UpdateTable', input: object) => {
    const { Table, TableDescription } = Object(await ask(operation, input)) as DynamoDb.DescribeTableOutput &
      DynamoDb.CreateTableOutput; // the operation's own shape: whichever of the two it has
    const description = Table ?? TableDescription;
    const { features, status, restored, indexWarmth } = of(description?.TableName);
    const indexes = description?.GlobalSecondaryIndexes?.map((index) => ({
      ...{ ...index, WarmThroughput: indexWarmth.get(index.IndexName ?? '') ?? leastWarm },
    }));
    return {
      ...{ ...description, WarmThroughput: leastWarm },
      ...features,
      ...(indexes === undefined ? {} : { GlobalSecondaryIndexes: indexes }),
      ...(status === undefined ? {} : { TableStatus: status }),
      ...(restored === undefined ? {} : { RestoreSummary: restored }),
    };
  };
  return {
    CreateTable: async (input: DynamoDb.CreateTableInput) => {
      const { plain, features } = partsOf(input);
      const created = await described('CreateTable', plain);
      of(input.TableName).features = features;
      return { TableDescription: { ...created, ...features } };
    },
    DescribeTable: async (input: DynamoDb.DescribeTableInput) => ({ Table: await described('DescribeTable', input) }),
    UpdateTable: async (input: DynamoDb.UpdateTableInput) => {
      const { warmed, plain: unwarmed } = splitWarmth(input);
      const { plain, features } = partsOf(unwarmed);
      const settings = of(input.TableName);
      if (settings.status !== undefined)
        throw new ApiError(
          'ResourceInUseException',
          `Attempt to change a resource which is still in use: Table is ${settings.status}`,
        );
      refuseCooler(settings.features.WarmThroughput ?? leastWarm, features.WarmThroughput);
      for (const [index, warm] of warmed) {
        refuseCooler(settings.indexWarmth.get(index) ?? leastWarm, warm);
        settings.indexWarmth.set(index, warm);
      }
      const isPlain = Object.keys(plain).length > 1;
      const before = await described(
        isPlain ? 'UpdateTable' : 'DescribeTable',
        isPlain ? plain : { TableName: input.TableName },
      );
      settings.features = { ...settings.features, ...features };
      settings.status = 'UPDATING';
      kernel.clock.at(kernel.clock.nowMs() + updateMs, () => {
        delete settings.status;
      });
      return { TableDescription: { ...before, ...settings.features, TableStatus: 'UPDATING' } };
    },
  };
}
