import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { EcsServiceHook } from '#domain/hook.ts';
import type { Policy, Workload } from '#domain/policy.ts';
import { desiredCountTag } from '#domain/tags.ts';

/** What a step does to a service that is held still; its tags in a statement of their own. */
const stepActions: Readonly<Record<string, { readonly service: readonly string[]; readonly tag?: readonly string[] }>> =
  {
    'plan-run': { service: ['ecs:DescribeServices'] },
    quiesce: {
      service: ['ecs:DescribeServices', 'ecs:UpdateService'],
      tag: ['ecs:TagResource', 'ecs:UntagResource'],
    },
    release: { service: ['ecs:DescribeServices', 'ecs:UpdateService'], tag: ['ecs:UntagResource'] },
    settle: { service: ['ecs:DescribeServices', 'ecs:UpdateService'], tag: ['ecs:UntagResource'] },
    'guard-execution': { service: ['ecs:DescribeServices', 'ecs:UpdateService'], tag: ['ecs:UntagResource'] },
  };

/** Those that let go what is held. */
const releasing = ['release', 'settle', 'guard-execution'];

/**
 * Exactly the services that the policy names, and no tag of theirs but ours. Only a step that plans sees what else may scale them, only one that
 * quiesces their tasks. What carries our tag is held still, and may be let go whatever the policy names by now: a hook, or its workload, may leave
 * the policy while its service has no tasks, and nothing in ECS would give them back.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
 */
export function ecsServiceStatements({ workloads }: Policy, step: string): readonly PolicyStatement[] {
  const services = servicesOf(workloads);
  const actions = stepActions[step];
  const ofHeld = releasing.includes(step) ? [heldStatement()] : [];
  if (services.length === 0 || actions === undefined) return ofHeld;
  const resources = unique(services.map(({ cluster, service }) => ecsArn(`service/${cluster}/${service}`)));
  return [
    new PolicyStatement({ actions: [...actions.service], resources }),
    ...(actions.tag === undefined ? [] : [tagStatement(actions.tag, resources)]),
    ...(step === 'plan-run' ? [scalingStatement()] : []),
    ...(step === 'quiesce' ? taskStatements(services) : []),
    ...ofHeld,
  ];
}

const heldStatement = () =>
  new PolicyStatement({
    actions: ['ecs:DescribeServices', 'ecs:UpdateService', 'ecs:UntagResource'],
    resources: [ecsArn('service/*')],
    conditions: {
      Null: { [`aws:ResourceTag/${desiredCountTag}`]: 'false' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': [desiredCountTag] },
    },
  });

export const servicesOf = (workloads: readonly Workload[]): readonly EcsServiceHook[] =>
  workloads.flatMap(({ hooks }) => hooks.filter((hook) => hook.kind === 'ecs-service'));

const unique = (arns: readonly string[]): string[] => [...new Set(arns)];

const ecsArn = (resource: string) => `arn:${Aws.PARTITION}:ecs:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

const tagStatement = (actions: readonly string[], resources: string[]) =>
  new PolicyStatement({
    actions: [...actions],
    resources,
    conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [desiredCountTag] } },
  });

const scalingStatement = () =>
  new PolicyStatement({ actions: ['application-autoscaling:DescribeScalableTargets'], resources: ['*'] });

const taskStatements = (services: readonly EcsServiceHook[]) => [
  new PolicyStatement({
    // Its type in the reference is the container instance; of a request that names none, AWS asks for `*`, and its own example says so:
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
    actions: ['ecs:ListTasks'],
    resources: ['*'],
    conditions: { ArnEquals: { 'ecs:cluster': unique(services.map(({ cluster }) => ecsArn(`cluster/${cluster}`))) } },
  }),
  new PolicyStatement({
    actions: ['ecs:DescribeTasks'],
    resources: unique(services.map(({ cluster }) => ecsArn(`task/${cluster}/*`))),
  }),
];
