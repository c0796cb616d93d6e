/** What may be asked about the plans of AWS Backup. Neither tags nor jobs nor settings have a resource type. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { typesOf } from '#domain/backup-plan-types.ts';
import type { Policy } from '#domain/policy.ts';

/** What they reach, and their jobs. */
export const watchBackupPlanStatements = (): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['backup:ListBackupJobs', 'tag:GetResources'], resources: ['*'] }),
];

/** The same, the service opt-in of the Region, and the volumes of instances that carry their tags. */
export function backupPlanReaderStatements({ plans = [] }: Policy): readonly PolicyStatement[] {
  if (plans.length === 0) return [];
  const takesVolumes = plans.some((plan) => typesOf(plan).includes('ebs'));
  return [
    ...watchBackupPlanStatements(),
    new PolicyStatement({ actions: ['backup:DescribeRegionSettings'], resources: ['*'] }),
    ...(takesVolumes ? [new PolicyStatement({ actions: ['ec2:DescribeVolumes'], resources: ['*'] })] : []),
  ];
}
