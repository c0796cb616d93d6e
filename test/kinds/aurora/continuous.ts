import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import type { ContinuousArrangement } from '../../conformance/continuous-arrangement.ts';
import { arrangement } from './arrangement.ts';

export const continuous: ContinuousArrangement = {
  ...{ of: arrangement, describe: 'DescribeDBClusterAutomatedBackups' },
  keep: async (region, BackupRetentionPeriod) => {
    const DBClusterIdentifier = arrangement.member.resource;
    const command = new ModifyDBClusterCommand({ DBClusterIdentifier, BackupRetentionPeriod, ApplyImmediately: true });
    await region.drive(new RDSClient({}).send(command));
  },
  end: async (region) => void (await arrangement.launch(region)),
};
