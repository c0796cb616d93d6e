/** What of a restored resource only a person can do, as commands with a word each: nobody is led to it before. Pure. */
import type { Beside, Known } from './restore-metadata.ts';

interface Made {
  readonly known: Known;
  readonly beside: Beside;
  /** Of the new one, where its type has names. */
  readonly name: string;
  readonly pointArn: string;
}

type Words = (made: Made) => readonly string[];

const lastOf = (arn: string): string => arn.split(/[:/]/).at(-1) ?? '';

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html */
const cluster: Words = ({ known, beside: { metadata }, name }) => {
  const service = services[known.type] ?? 'rds';
  const old = lastOf(known.resourceArn);
  return [
    `The new cluster ${name} has no instances. Of which classes the present ones are: aws ${service} describe-db-instances --filters Name=db-cluster-id,Values=${old} --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceClass]'`,
    `aws ${service} create-db-instance --db-instance-identifier ${name.slice(0, 61)}-1 --db-cluster-identifier ${name} --engine ${metadata.engine} --db-instance-class <class>`,
    `Then lead applications to its endpoints: aws ${service} describe-db-clusters --db-cluster-identifier ${name} --query 'DBClusters[0].[Endpoint,ReaderEndpoint]'`,
  ];
};

const services: Readonly<Record<string, string>> = { DocumentDB: 'docdb', Neptune: 'neptune' };

const fileSystem: Words = () => [
  'The new file system has another id and DNS name; aliases, and links to data repositories, are yours to make.',
  `Then mount it: aws fsx describe-file-systems --file-system-ids <its id> --query 'FileSystems[0].[Lifecycle,DNSName]'`,
];

const volume: Words = ({ beside: { metadata } }) => [
  `Then mount /${metadata.Name} of its storage virtual machine: aws fsx describe-volumes --volume-ids <its id> --query 'Volumes[0].OntapConfiguration.[StorageVirtualMachineId,JunctionPath]'`,
];

const bucket: Words = ({ known, beside: { metadata } }) => {
  const old = lastOf(known.resourceArn);
  const made = metadata.DestinationBucketName;
  return [
    ...(metadata.NewBucket === 'true'
      ? [
          `The new bucket has no tags, policy, lifecycle, notifications or CORS. Its policy: aws s3api get-bucket-policy --bucket ${old} --query Policy --output text | sed 's/:::${old}/:::${made}/g' >policy.json && aws s3api put-bucket-policy --bucket ${made} --policy file://policy.json`,
        ]
      : [`What was in ${made} before is still there, and was not replaced.`]),
    `Then lead applications to ${made}, or see what the present bucket lacks: aws s3 sync s3://${made} s3://${old} --dryrun`,
  ];
};

const gatewayVolume: Words = ({ known, name, pointArn }) => [
  'The volume is restored as one of EBS: aws ec2 attach-volume --volume-id <its id> --instance-id <an instance of its zone> --device /dev/sdf',
  `Or, for the gateway, from the same snapshot: aws storagegateway create-cached-iscsi-volume --gateway-arn ${known.resourceArn.split('/volume/')[0]} --snapshot-id ${lastOf(pointArn)} --volume-size-in-bytes <as many as it has> --target-name ${name} --network-interface-id <IP address of the gateway> --client-token ${name}`,
];

const words: Readonly<Record<string, Words>> = {
  FSx: (made) => (made.known.resourceArn.includes(':volume/') ? volume : fileSystem)(made),
  S3: bucket,
  Aurora: cluster,
  DocumentDB: cluster,
  Neptune: cluster,
  'Storage Gateway': gatewayVolume,
};

export const afterRestore = (made: Made): readonly string[] => words[made.known.type]?.(made) ?? [];
