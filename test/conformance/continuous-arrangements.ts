/** One resource of each kind that keeps a continuous backup, and what can befall that. */
import { DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { ModifyDBClusterCommand, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Region } from '#simulator/region.ts';
import type { Arrangement } from './arrangement.ts';
import { aurora } from './aurora.ts';
import { dynamodb } from './dynamodb.ts';
import { rds } from './rds.ts';

export interface ContinuousArrangement {
  readonly of: Arrangement;
  /** The operation by which the product asks for the backup. */
  readonly describe: string;
  /** It is kept so many days from now on. */
  keep(region: Region, days: number): Promise<void>;
  /** It ends: switched off, or the resource is another of the same name. */
  end(region: Region): Promise<void>;
}

const name = 'orders';
const rdsCall: RDSClient['send'] = (command: never) => new RDSClient({}).send(command);
const recovery = (specification: UpdateContinuousBackupsCommand['input']['PointInTimeRecoverySpecification']) =>
  new DynamoDBClient({}).send(
    new UpdateContinuousBackupsCommand({
      ...{ TableName: dynamodb.member.resource, PointInTimeRecoverySpecification: specification },
    }),
  );

const settings = { ApplyImmediately: true };

export const continuousArrangements: Readonly<Record<string, ContinuousArrangement>> = {
  rds: {
    ...{ of: rds, describe: 'DescribeDBInstanceAutomatedBackups' },
    keep: async (region, BackupRetentionPeriod) => {
      const command = { DBInstanceIdentifier: name, BackupRetentionPeriod, ...settings };
      await region.drive(rdsCall(new ModifyDBInstanceCommand(command)));
    },
    end: async (region) => {
      const command = { DBInstanceIdentifier: name, BackupRetentionPeriod: 0, ...settings };
      await region.drive(rdsCall(new ModifyDBInstanceCommand(command)));
    },
  },
  aurora: {
    ...{ of: aurora, describe: 'DescribeDBClusterAutomatedBackups' },
    keep: async (region, BackupRetentionPeriod) => {
      const command = { DBClusterIdentifier: name, BackupRetentionPeriod, ...settings };
      await region.drive(rdsCall(new ModifyDBClusterCommand(command)));
    },
    end: async (region) => void (await aurora.launch(region)),
  },
  dynamodb: {
    ...{ of: dynamodb, describe: 'DescribeContinuousBackups' },
    keep: async (region, RecoveryPeriodInDays) =>
      void (await region.drive(recovery({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays }))),
    end: async (region) => void (await region.drive(recovery({ PointInTimeRecoveryEnabled: false }))),
  },
};
