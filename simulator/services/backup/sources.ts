/** What can be copied, and how AWS Backup reads it. */
import type { EfsService } from '../efs/efs.ts';
import type { Perform } from '../perform.ts';
import type { TaggedResource, TaggedResources } from '../tagging/tagged-resources.ts';

export interface Source {
  readonly arn: string;
  /** As AWS Backup names its type. */
  readonly type: string;
  /** Its points have ARNs of AWS Backup, known at once; of the others the ARN is known when the job ends. */
  readonly isFullyManaged: boolean;
  readonly canBeStopped: boolean;
  /** Its restore metadata, where they are others than most of the type have. */
  readonly told?: Readonly<Record<string, string>>;
  /** In the job's role; rejects with ApiError when that may not. */
  open(roleArn: string): Promise<void>;
  /** What is read in the order in which it is. */
  paths(): readonly string[];
  /** Undefined: it is gone by now. */
  read(path: string): string | undefined;
}

/** Of something that is not simulated beyond its ARN. */
export interface Described {
  /** As AWS Backup names it. Default: after the ARN, a cluster is of Aurora. */
  readonly type?: string;
  /** What is told of it before a restore. Default: what most of its type have. */
  readonly told?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export type Sources = ReturnType<typeof createSources>;

/** By service and resource type in the ARN: type, managed fully, can be stopped. */
const types: readonly (readonly [RegExp, string, boolean, boolean])[] = [
  [/:elasticfilesystem:/, 'EFS', true, true],
  [/:s3:::/, 'S3', true, true],
  [/:storagegateway:/, 'Storage Gateway', false, true],
  [/:fsx:/, 'FSx', false, false],
  [/:rds:.*:cluster:/, 'Aurora', false, false],
  [/:rds:.*:db:/, 'RDS', false, false],
  [/:ec2:.*:volume\//, 'EBS', false, true],
  [/:ec2:.*:instance\//, 'EC2', false, true],
  [/:dynamodb:/, 'DynamoDB', true, true],
];

/** @param tagged what other services have */
export function createSources(efs: EfsService, perform: Perform, tagged: TaggedResources) {
  const others = new Map<string, Described>();
  const inRole = async (arn: string, service: string, operation: string, input: object): Promise<void> =>
    void (await perform({ caller: { kind: 'role', arn, name: 'backup' }, service, operation, input }));
  const typed = (resourceArn: string) => {
    const [, type = 'Unknown', isFullyManaged = false, canBeStopped = false] =
      types.find(([pattern]) => pattern.test(resourceArn)) ?? [];
    return { arn: resourceArn, type, isFullyManaged, canBeStopped };
  };
  const isElsewhere = (resourceArn: string) => tagged().some(({ arn }) => arn === resourceArn);
  return {
    add: (resourceArn: string, described: Described = {}) => void others.set(resourceArn, described),
    /** Of what is not simulated beyond its ARN. */
    exists: (resourceArn: string): boolean => others.has(resourceArn),
    byArn: (resourceArn: string): Source | undefined => {
      const system = efs.world.byArn(resourceArn);
      if (system !== undefined) {
        const open = (roleArn: string) => inRole(roleArn, 'elasticfilesystem', 'Backup', { FileSystemId: system.id });
        const { files } = system;
        return { ...typed(resourceArn), open, paths: () => [...files.keys()], read: (path) => files.get(path) };
      }
      const described = others.get(resourceArn) ?? (isElsewhere(resourceArn) ? {} : undefined);
      if (described === undefined) return undefined;
      const source = { ...typed(resourceArn), ...described, paths: () => [], read: () => undefined };
      return { ...source, open: (roleArn) => inRole(roleArn, 'backup', 'CopyInRole', source) };
    },
    /** All that plans select from. */
    tagged: (): readonly (TaggedResource & { readonly type: string })[] =>
      [...tagged(), ...[...others].map(([arn, { tags = {} }]) => ({ arn, tags: new Map(Object.entries(tags)) }))].map(
        (resource) => ({ ...resource, type: others.get(resource.arn)?.type ?? typed(resource.arn).type }),
      ),
  };
}
