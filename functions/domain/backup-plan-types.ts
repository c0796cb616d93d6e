/** The types of resources that plans take, in the words of each service that has words of its own for them. */
import type { BackupPlan, BackupPlanType } from './backup-plan.ts';

export interface TypeFacts {
  /** As ARNs and the Resource Groups Tagging API have it: service, and type where the ARN has one. */
  readonly inArns: string;
  /** As AWS Backup's settings of a Region name it. */
  readonly names: readonly string[];
  /** For people: one of them, and some. */
  readonly words: readonly [one: string, some: string];
  /**
   * Whether the settings of the Region count though a plan names the type.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
   */
  readonly needsOptIn?: true;
}

export const backupPlanTypes: Readonly<Record<BackupPlanType, TypeFacts>> = {
  ebs: { inArns: 'ec2:volume', names: ['EBS'], words: ['volume', 'volumes'] },
  ec2: { inArns: 'ec2:instance', names: ['EC2'], words: ['instance', 'instances'] },
  efs: { inArns: 'elasticfilesystem:file-system', names: ['EFS'], words: ['EFS file system', 'EFS file systems'] },
  rds: { inArns: 'rds:db', names: ['RDS'], words: ['DB instance', 'DB instances'] },
  cluster: {
    ...{ inArns: 'rds:cluster', names: ['Aurora', 'DocumentDB', 'Neptune'], words: ['DB cluster', 'DB clusters'] },
    needsOptIn: true,
  },
  dynamodb: { inArns: 'dynamodb:table', names: ['DynamoDB'], words: ['table', 'tables'] },
  fsx: { inArns: 'fsx:file-system', names: ['FSx'], words: ['FSx file system', 'FSx file systems'] },
  s3: { inArns: 's3', names: ['S3'], words: ['bucket', 'buckets'] },
};

const everyType: readonly BackupPlanType[] = ['ebs', 'ec2', 'efs', 'rds', 'cluster', 'dynamodb', 'fsx', 's3'];

/** Those that a plan takes: all that are known here where it names none. */
export const typesOf = ({ types = everyType }: BackupPlan): readonly BackupPlanType[] => types;

/** Undefined: of none of the types that are known here. */
export function backupPlanTypeOf(arn: string): BackupPlanType | undefined {
  const [, , service, , , ...rest] = arn.split(':');
  const [type] = rest.join(':').split(/[:/]/);
  return everyType.find((each) => backupPlanTypes[each].inArns === (service === 's3' ? 's3' : `${service}:${type}`));
}
