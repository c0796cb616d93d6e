/**
 * What people call things that the policy has another word for. The nearest spelling would lead to something else: of `redis` that is `rds`.
 * Imported by deploy-time code only.
 */
const words: Readonly<Record<string, readonly string[]>> = {
  elasticache: ['redis', 'valkey', 'memcached', 'cache'],
  rds: ['postgres', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'mssql', 'oracle', 'database'],
  ebs: ['ec2', 'instance', 'volume', 'disk'],
  ami: ['image'],
  efs: ['nfs'],
  dynamodb: ['dynamo', 'ddb', 'table'],
  opensearch: ['elasticsearch'],
  'aws-backup': ['s3', 'fsx', 'documentdb', 'docdb', 'neptune', 'storagegateway'],
  command: ['script', 'exec', 'shell'],
  filesystem: ['fsfreeze', 'freeze', 'xfs', 'ext4'],
  services: ['systemd', 'systemctl', 'service'],
  'windows-vss': ['vss'],
  'ecs-service': ['ecs', 'fargate'],
};

/** @returns of the known words the one that is also called so */
export const alsoCalled = (word: string, known: readonly string[]): string | undefined =>
  known.find((each) => words[each]?.includes(word.toLowerCase()));
