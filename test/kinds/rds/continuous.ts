import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Region } from '#simulator/region.ts';
import type { ContinuousArrangement } from '../../conformance/continuous-arrangement.ts';
import { arrangement } from './arrangement.ts';

async function keep(region: Region, BackupRetentionPeriod: number): Promise<void> {
  const DBInstanceIdentifier = arrangement.member.resource;
  const command = new ModifyDBInstanceCommand({ DBInstanceIdentifier, BackupRetentionPeriod, ApplyImmediately: true });
  await region.drive(new RDSClient({}).send(command));
}

export const continuous: ContinuousArrangement = {
  ...{ of: arrangement, describe: 'DescribeDBInstanceAutomatedBackups' },
  keep,
  end: (region) => keep(region, 0),
};
