/** What may be asked about the plans of AWS Backup. Neither tags nor jobs nor settings have a resource type. */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { typesOf } from '#domain/planned-types.ts';
import type { Policy } from '#domain/policy.ts';

/** What they reach, and their jobs. */
export const watchPlanStatements = (): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['backup:ListBackupJobs', 'tag:GetResources'], resources: ['*'] }),
];

/** The same, what is in their vaults, the service opt-in of the Region, and the volumes of instances that carry their tags. */
export function planReaderStatements({ plans = [] }: Policy): readonly PolicyStatement[] {
  if (plans.length === 0) return [];
  const takesVolumes = plans.some((plan) => typesOf(plan).includes('ebs'));
  const vaults = `arn:${Aws.PARTITION}:backup:${Aws.REGION}:${Aws.ACCOUNT_ID}:backup-vault:*`;
  return [
    ...watchPlanStatements(),
    new PolicyStatement({ actions: ['backup:DescribeRegionSettings'], resources: ['*'] }),
    new PolicyStatement({ actions: ['backup:ListRecoveryPointsByBackupVault'], resources: [vaults] }),
    ...(takesVolumes ? [new PolicyStatement({ actions: ['ec2:DescribeVolumes'], resources: ['*'] })] : []),
  ];
}
