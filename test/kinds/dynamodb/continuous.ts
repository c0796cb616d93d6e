import { DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import type { ContinuousArrangement } from '../../conformance/continuous-arrangement.ts';
import { arrangement } from './arrangement.ts';

const TableName = arrangement.member.resource;
const recovery = (specification: UpdateContinuousBackupsCommand['input']['PointInTimeRecoverySpecification']) =>
  new DynamoDBClient({}).send(
    new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: specification }),
  );

export const continuous: ContinuousArrangement = {
  ...{ of: arrangement, describe: 'DescribeContinuousBackups' },
  keep: async (region, RecoveryPeriodInDays) =>
    void (await region.drive(recovery({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays }))),
  end: async (region) => void (await region.drive(recovery({ PointInTimeRecoveryEnabled: false }))),
};
