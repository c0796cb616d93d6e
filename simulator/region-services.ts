/** All services of a region, built on one kernel and wired to each other. */
import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import type { ResourcePolicies } from './deploy/resource-policies.ts';
import { ApiError, type Kernel, type Service } from './kernel/service.ts';
import { createAutoScaling } from './services/autoscaling/autoscaling.ts';
import { type BackupOptions, createBackup } from './services/backup/backup.ts';
import { createCloudFormation, type StackFacts } from './services/cloudformation/create-cloudformation.ts';
import { createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { createEc2, type Ec2, type Ec2Options } from './services/ec2/ec2.ts';
import { createElastiCache, type ElastiCacheOptions } from './services/elasticache/elasticache.ts';
import { createEvents } from './services/events/create-events.ts';
import type { KmsService } from './services/kms/kms.ts';
import { createLambda, type Lambda } from './services/lambda/create-lambda.ts';
import type { LambdaTimings } from './services/lambda/function-settings.ts';
import type { Perform } from './services/perform.ts';
import type { RdsService } from './services/rds/rds.ts';
import { createScheduler } from './services/scheduler/create-scheduler.ts';
import type { SnsService } from './services/sns/sns.ts';
import { createSqs } from './services/sqs/sqs.ts';
import { createSsm } from './services/ssm/ssm.ts';
import { standAlone } from './services/stand-alone.generated.ts';
import { createStates } from './services/states/create-states.ts';
import { taggedArtifacts } from './services/tagging/tagged-artifacts.ts';
import { taggedResources } from './services/tagging/tagged-resources.ts';
import { createTagging } from './services/tagging/tagging.ts';

type StandAlone = typeof standAlone;
type StandAloneServices = { readonly [Name in keyof StandAlone]: ReturnType<StandAlone[Name]> };
type StandAloneOptions = { readonly [Name in keyof StandAlone]?: OptionsOf<StandAlone[Name]> };
type OptionsOf<Create> = Create extends (kernel: Kernel, options: infer Options) => Service
  ? Exclude<Options, undefined>
  : never;

export interface ServiceOptions extends StandAloneOptions {
  readonly backup?: BackupOptions;
  readonly ec2?: Omit<Ec2Options, 'keys'>;
  readonly elasticache?: ElastiCacheOptions;
  readonly lambdaTimings?: Partial<LambdaTimings>;
  /** Share evaluated bundles between regions of this process: much faster for many regions. Default false. */
  readonly reuseModules?: boolean;
}

export interface ServiceParts extends ServiceOptions {
  readonly perform: Perform;
  readonly resourcePolicies: ResourcePolicies;
  readonly stacks: ReadonlyMap<string, StackFacts>;
  readonly elsewhere: Elsewhere;
}

/** What copies come from and go to in another Region, or in this one; undefined: there is no such Region. */
export type Elsewhere = (regionName: string) => { readonly ec2: Ec2; readonly rds: RdsService } | undefined;

/** Every service, by its name here. */
export type AllServices = ReturnType<typeof createRegionServices>;

/**
 * SNS lets an alarm publish to a topic without a policy; a topic's own policy must name CloudWatch. What SNS refuses is in the alarm's history
 * alone: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
 */
function alarmTarget(sns: SnsService, { resourcePolicies }: ServiceParts): Pick<SnsService, 'publish'> {
  return {
    publish: (input) => {
      const topicArn = input.TopicArn ?? '';
      const isAllowed =
        !resourcePolicies.has(topicArn) ||
        resourcePolicies.permits(topicArn, 'sns:Publish', 'cloudwatch.amazonaws.com', '*');
      return isAllowed ? published(sns, input) : {};
    },
  };
}

function published(sns: SnsService, input: PublishInput): PublishResponse {
  try {
    return sns.publish(input);
  } catch (error) {
    if (error instanceof ApiError && error.name.startsWith('KMS')) return {};
    throw error;
  }
}

/** What EC2 asks of the keys of its Region. */
export function keyStates(kms: KmsService): NonNullable<Ec2Options['keys']> {
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

/** Those that know no other service: each folder of `services` with an `index.ts`. */
function createStandAlone(kernel: Kernel, options: StandAloneOptions): StandAloneServices {
  const created = Object.entries(standAlone).map(([name, create]) => {
    const make: (kernel: Kernel, options: unknown) => Service = create as never; // each is given what `OptionsOf` says of itself
    return [name, make(kernel, Object(options)[name])];
  });
  return Object.fromEntries(created); // by the same names
}

/** Services by their names here; each has its signing name, too. */
export function createRegionServices(kernel: Kernel, parts: ServiceParts) {
  const keyState = (reference: string) => alone.kms.find(reference)?.state ?? 'missing';
  const alone: StandAloneServices = createStandAlone(kernel, { ...parts, sns: { ...parts.sns, keyState } });
  const cloudwatch = createCloudWatch(kernel, alarmTarget(alone.sns, parts));
  const shared = { perform: parts.perform, recordMetric: cloudwatch.recordMetric };
  const ec2 = createEc2(kernel, {
    ...{ ...parts.ec2, elsewhere: (name) => parts.elsewhere(name)?.ec2.context },
    ...{ keys: keyStates(alone.kms), nfs: alone.efs.world.mountedFrom },
  });
  const lambda = createLambda(kernel, {
    ...shared,
    ...(parts.lambdaTimings ? { timings: parts.lambdaTimings } : {}),
    reuseModules: parts.reuseModules ?? false,
  });
  const { efs, rds, memorydb } = alone;
  const tagged = taggedResources(kernel, { ec2, efs, rds });
  const backup = createBackup(kernel, { ...parts.backup, ec2, efs, perform: parts.perform, tagged });
  const elasticache = createElastiCache(kernel, alone.s3, parts.elasticache);
  const artifacts = taggedArtifacts(kernel, { ec2, rds, elasticache, memorydb });
  return {
    ...alone,
    autoscaling: createAutoScaling(kernel, ec2),
    backup,
    cloudformation: createCloudFormation(kernel, parts.stacks),
    cloudwatch,
    ec2,
    elasticache,
    events: createEvents(kernel, { ...shared, permits: permits(lambda, parts.resourcePolicies) }),
    lambda,
    scheduler: createScheduler(kernel, shared),
    sqs: createSqs(kernel, shared),
    ssm: createSsm(kernel, ec2, parts.perform),
    states: createStates(kernel, shared),
    tagging: createTagging(() => [...backup.tagged(), ...artifacts()]),
  };
}
