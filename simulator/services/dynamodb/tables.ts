/** Tables as DynamoDB describes them: the engine's description, and over it what the engine does not know. */
import type * as DynamoDb from '@aws-sdk/client-dynamodb';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import type { Ask } from './dynamodb.ts';
import type { SettingsOf, TableSettings } from './table-settings.ts';

type Features = Pick<
  DynamoDb.CreateTableInput & DynamoDb.UpdateTableInput,
  'StreamSpecification' | 'DeletionProtectionEnabled' | 'TableClass' | 'SSESpecification'
>;

/** After a change a table is `UPDATING` for so long. */
const updateMs = 8_000;

/** What the engine takes, apart from what it does not know. */
function partsOf<Input extends Features>(input: Input) {
  const { StreamSpecification, DeletionProtectionEnabled, TableClass, SSESpecification: encryption, ...plain } = input;
  const { Enabled = false, KMSMasterKeyId } = encryption ?? {};
  const features: TableSettings['features'] = {
    ...(StreamSpecification === undefined ? {} : { StreamSpecification }),
    ...(DeletionProtectionEnabled === undefined ? {} : { DeletionProtectionEnabled }),
    ...(TableClass === undefined ? {} : { TableClassSummary: { TableClass } }),
    ...(Enabled && KMSMasterKeyId !== undefined
      ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: KMSMasterKeyId } }
      : {}),
  };
  return { plain, features };
}

export function tableOperations(kernel: Kernel, ask: Ask, of: SettingsOf): Service['operations'] {
  const described = async (operation: 'CreateTable' | 'DescribeTable' | 'UpdateTable', input: object) => {
    const { Table, TableDescription } = Object(await ask(operation, input)) as DynamoDb.DescribeTableOutput &
      DynamoDb.CreateTableOutput; // the operation's own shape: whichever of the two it has
    const description = Table ?? TableDescription;
    const { features, status, restored } = of(description?.TableName);
    return {
      ...description,
      ...features,
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
      const { plain, features } = partsOf(input);
      const settings = of(input.TableName);
      if (settings.status !== undefined)
        throw new ApiError(
          'ResourceInUseException',
          `Attempt to change a resource which is still in use: Table is ${settings.status}`,
        );
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
