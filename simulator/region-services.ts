/** All services of a region, built on one kernel and wired to each other. */
import type { ResourcePolicies } from './deploy/resource-policies.ts';
import type { Kernel } from './kernel/service.ts';
import { createApplicationAutoScaling } from './services/applicationautoscaling/applicationautoscaling.ts';
import { createAutoScaling } from './services/autoscaling/autoscaling.ts';
import { type BackupOptions, createBackup } from './services/backup/backup.ts';
import { createCloudFormation, type StackFacts } from './services/cloudformation/create-cloudformation.ts';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { createDynamoDb } from './services/dynamodb/dynamodb.ts';
import { createEc2, type Ec2Options } from './services/ec2/ec2.ts';
import { createEcs } from './services/ecs/ecs.ts';
import { createElastiCache, type ElastiCacheOptions } from './services/elasticache/elasticache.ts';
import type { EfsOptions } from './services/elasticfilesystem/changing.ts';
import { createEfs } from './services/elasticfilesystem/elasticfilesystem.ts';
import { createEvents } from './services/events/create-events.ts';
import { createKms, type KmsService } from './services/kms/kms.ts';
import { createLambda, type Lambda } from './services/lambda/create-lambda.ts';
import type { LambdaTimings } from './services/lambda/function-settings.ts';
import { createMemoryDb, type MemoryDbOptions } from './services/memorydb/memorydb.ts';
import { createOpenSearch, type OpenSearchOptions } from './services/opensearch/opensearch.ts';
import type { Perform } from './services/perform.ts';
import { createRds, type RdsOptions } from './services/rds/rds.ts';
import { createRoute53 } from './services/route53/route53.ts';
import { createScheduler } from './services/scheduler/create-scheduler.ts';
import { createSns, type SnsOptions, type SnsService } from './services/sns/sns.ts';
import { createSqs } from './services/sqs/sqs.ts';
import { createSsm } from './services/ssm/ssm.ts';
import { createStates } from './services/states/create-states.ts';
import { createSts } from './services/sts/sts.ts';

export interface ServiceOptions {
  readonly backup?: BackupOptions;
  readonly ec2?: Omit<Ec2Options, 'keys'>;
  readonly elasticache?: ElastiCacheOptions;
  readonly memorydb?: MemoryDbOptions;
  readonly efs?: EfsOptions;
  readonly opensearch?: OpenSearchOptions;
  readonly rds?: RdsOptions;
  readonly sns?: SnsOptions;
  readonly lambdaTimings?: Partial<LambdaTimings>;
  /** Share evaluated bundles between regions of this process: much faster for many regions. Default false. */
  readonly reuseModules?: boolean;
}

export interface ServiceParts extends ServiceOptions {
  readonly perform: Perform;
  readonly resourcePolicies: ResourcePolicies;
  readonly stacks: ReadonlyMap<string, StackFacts>;
}

/** Every service, by its name here. */
export type AllServices = ReturnType<typeof createRegionServices>;

/** SNS lets an alarm publish to a topic without a policy; a topic's own policy must name CloudWatch. */
function alarmTarget(sns: SnsService, { resourcePolicies }: ServiceParts): Pick<SnsService, 'publish'> {
  return {
    publish: (input) => {
      const topicArn = input.TopicArn ?? '';
      const isAllowed =
        !resourcePolicies.has(topicArn) ||
        resourcePolicies.permits(topicArn, 'sns:Publish', 'cloudwatch.amazonaws.com', '*');
      return isAllowed ? sns.publish(input) : {};
    },
  };
}

function keyStates(kms: KmsService): NonNullable<Ec2Options['keys']> {
  return {
    managedKeyArn: () => kms.find('alias/aws/ebs')?.arn ?? '',
    keyState: (reference) => kms.find(reference)?.state ?? 'missing',
  };
}

function permits(lambda: Lambda, policies: ResourcePolicies): ResourcePolicies['permits'] {
  return (resourceArn, action, principal, sourceArn) =>
    resourceArn.startsWith('arn:aws:lambda:')
      ? lambda.permits(resourceArn, principal, sourceArn)
      : policies.permits(resourceArn, action, principal, sourceArn);
}

/** Services by their names here; each has its signing name, too. */
export function createRegionServices(kernel: Kernel, parts: ServiceParts) {
  const sns = createSns(kernel, parts.sns);
  const kms = createKms(kernel);
  const cloudwatch = createCloudWatch(kernel, alarmTarget(sns, parts));
  const shared = { perform: parts.perform, recordMetric: cloudwatch.recordMetric };
  const efs = createEfs(kernel, parts.efs);
  const ec2 = createEc2(kernel, { ...parts.ec2, keys: keyStates(kms), nfs: efs.world.mountedFrom });
  const lambda = createLambda(kernel, {
    ...shared,
    ...(parts.lambdaTimings ? { timings: parts.lambdaTimings } : {}),
    reuseModules: parts.reuseModules ?? false,
  });
  return {
    applicationAutoScaling: createApplicationAutoScaling(),
    autoscaling: createAutoScaling(kernel, ec2),
    backup: createBackup(kernel, { ...parts.backup, efs, perform: parts.perform }),
    cloudformation: createCloudFormation(parts.stacks),
    cloudwatch,
    dynamodb: createDynamoDb(kernel),
    ec2,
    ecs: createEcs(kernel),
    efs,
    elasticache: createElastiCache(kernel, parts.elasticache),
    events: createEvents(kernel, { ...shared, permits: permits(lambda, parts.resourcePolicies) }),
    kms,
    lambda,
    memorydb: createMemoryDb(kernel, parts.memorydb),
    opensearch: createOpenSearch(kernel, parts.opensearch),
    rds: createRds(kernel, parts.rds),
    route53: createRoute53(kernel),
    scheduler: createScheduler(kernel, shared),
    sns,
    sqs: createSqs(kernel, shared),
    ssm: createSsm(kernel, ec2, parts.perform),
    states: createStates(kernel, shared),
    sts: createSts(kernel),
  };
}
