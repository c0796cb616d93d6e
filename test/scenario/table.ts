/** Nothing of a region but the ledger's table: for what needs no stack, and is asked a thousand times. */
import { createGateway } from '#simulator/gateway.ts';
import { createIdentities } from '#simulator/iam/identity.ts';
import { interceptAws } from '#simulator/interception.ts';
import { createKernel } from '#simulator/kernel/create-kernel.ts';
import { installVirtualTime } from '#simulator/kernel/virtual-time.ts';
import type { Region } from '#simulator/region.ts';
import { createDynamoDb } from '#simulator/services/dynamodb/dynamodb.ts';
import { ledgerKeys } from './ledger-keys.ts';

const [account, regionName, TableName] = ['111122223333', 'eu-west-1', 'ledger'];

const table = {
  ...{ TableName, BillingMode: 'PAY_PER_REQUEST', ...ledgerKeys },
  AttributeDefinitions: ['pk', 'sk', 'open', 'since'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
};

const environment = {
  ...{ AWS_REGION: regionName, AWS_ACCESS_KEY_ID: 'AKIAOPERATOR', AWS_SECRET_ACCESS_KEY: 'simulated' },
  ...{ HOLDFAST_STACK: 'Holdfast', HOLDFAST_TABLE: TableName },
};

/** As `Region` has them. */
export type OpenTable = Pick<Region, 'faults' | 'calls' | 'gateway' | 'drive' | 'close'>;

/** Opens a table in which the ledger's own functions read and write. One at a time in a process. */
export async function openTable(): Promise<OpenTable> {
  Object.assign(process.env, environment);
  const time = installVirtualTime({ startMs: Date.UTC(2026, 10, 21) });
  const kernel = createKernel({ seed: 1, regionName, account });
  const identities = createIdentities(account);
  const gateway = createGateway(kernel, [createDynamoDb(kernel)], identities);
  const restoreNetwork = interceptAws(gateway);
  const { caller } = identities.resolve('');
  await time.drive(gateway.perform({ caller, service: 'dynamodb', operation: 'CreateTable', input: table }));
  const close = () => {
    restoreNetwork();
    time.uninstall();
  };
  return { faults: kernel.faults, calls: kernel.calls, gateway, drive: time.drive, close };
}
