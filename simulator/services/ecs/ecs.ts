/** ECS: services that run tasks, as far as whoever holds them still sees them. */
import type * as Ecs from '@aws-sdk/client-ecs';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { pageOf } from '../pages.ts';
import { ecsAccess } from './access.ts';
import {
  createServiceBook,
  type EcsTimings,
  type ServiceBook,
  type ServiceSpec,
  type SimulatedService,
} from './service-book.ts';

export interface EcsSimulation extends Service {
  readonly world: {
    /** Launches a service, in a cluster that is there from then on. Its tasks run. */
    launch(spec: ServiceSpec): SimulatedService;
    /** By `<cluster>/<name>`. */
    readonly services: ReadonlyMap<string, SimulatedService>;
    /** Its tasks that have not stopped: as long as there is one, the application may write. */
    liveTasks(service: string): number;
  };
}

const defaults: EcsTimings = { noticeMs: 1000, startMs: 40_000, stopMs: 30_000 };

export function createEcs(kernel: Kernel, timings: Partial<EcsTimings> = {}): EcsSimulation {
  const book = createServiceBook(kernel, { ...defaults, ...timings });
  const tagsOf = (serviceArn: string) => [...book.all.values()].find((each) => each.arn === serviceArn)?.tags;
  return {
    name: 'ecs',
    client: () => import('@aws-sdk/client-ecs'),
    operations: { ...serviceOperations(book), ...taskOperations(book), ...tagOperations(book) },
    access: (operation, input) => ecsAccess(kernel, tagsOf, operation, Object(input)),
    world: {
      launch: book.launch,
      services: book.all,
      liveTasks: (name) => book.all.get(name)?.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').length ?? 0,
    },
  };
}

const serviceOperations = (book: ServiceBook) => ({
  DescribeServices: ({ cluster, services: names = [], include = [] }: Ecs.DescribeServicesRequest) => {
    if (names.length > 10) throw new ApiError('InvalidParameterException', 'At most 10 services can be described.');
    const found = names.map((name) => ({ name, service: book.named(cluster, name) }));
    return {
      services: found.flatMap(({ service }) =>
        service === undefined ? [] : [described(service, include.includes('TAGS'))],
      ),
      failures: found.flatMap(({ name, service }) => (service === undefined ? [{ arn: name, reason: 'MISSING' }] : [])),
    };
  },
  UpdateService: ({ cluster, service: name, desiredCount }: Ecs.UpdateServiceRequest) => {
    const service = book.required(cluster, name);
    if (service.spec.schedulingStrategy === 'DAEMON' && desiredCount !== undefined) {
      const message = 'The daemon scheduling strategy does not support a desired count for services.';
      throw new ApiError('InvalidParameterException', message);
    }
    if (desiredCount !== undefined) book.setDesiredCount(service, desiredCount);
    return { service: { ...described(service, false), desiredCount: service.desiredCount } };
  },
});

function described(service: SimulatedService, withTags: boolean): Ecs.Service {
  const { spec, tasks } = service;
  const count = (...statuses: readonly string[]) =>
    tasks.filter(({ lastStatus }) => statuses.includes(lastStatus)).length;
  return {
    serviceArn: service.arn,
    serviceName: spec.name,
    status: service.status,
    desiredCount: service.shownCount,
    runningCount: count('RUNNING'),
    pendingCount: count('PROVISIONING', 'PENDING'),
    schedulingStrategy: spec.schedulingStrategy ?? 'REPLICA',
    ...(spec.deploymentController === undefined ? {} : { deploymentController: { type: spec.deploymentController } }),
    taskSets: Array.from({ length: service.taskSets }, (_, index) => ({ id: `ecs-svc/${index}` })),
    ...(withTags ? { tags: [...service.tags].map(([key, value]) => ({ key, value })) } : {}),
  };
}

const taskOperations = (book: ServiceBook) => ({
  ListTasks: ({
    cluster,
    serviceName,
    desiredStatus = 'RUNNING',
    maxResults = 100,
    nextToken,
  }: Ecs.ListTasksRequest) => {
    const arns = book
      .required(cluster, serviceName)
      .tasks.filter((task) => task.desiredStatus === desiredStatus)
      .map((task) => task.arn);
    const page = pageOf(arns, nextToken, maxResults);
    return { taskArns: page.items, nextToken: page.next };
  },
  DescribeTasks: ({ cluster = 'default', tasks: asked = [] }: Ecs.DescribeTasksRequest) => {
    book.requireCluster(cluster);
    if (asked.length > 100) throw new ApiError('InvalidParameterException', 'At most 100 tasks can be described.');
    const known = [...book.all.values()].flatMap(({ tasks }) => tasks);
    const found = known.filter(({ arn }) => asked.includes(arn));
    return { tasks: found.map(({ arn, ...task }) => ({ taskArn: arn, ...task })) };
  },
});

const tagOperations = (book: ServiceBook) => {
  const wornBy = (resourceArn = '') => {
    const service = book.byArn(resourceArn);
    if (service === undefined) throw new ApiError('ResourceNotFoundException', 'The specified resource was not found.');
    if (service.spec.hasOldArn) {
      throw new ApiError('InvalidParameterException', 'Long arn format must be used for tagging operations');
    }
    return service.tags;
  };
  return {
    TagResource: ({ resourceArn, tags = [] }: Ecs.TagResourceRequest) => {
      const worn = wornBy(resourceArn);
      for (const { key = '', value = '' } of tags) worn.set(key, value);
      return {};
    },
    UntagResource: ({ resourceArn, tagKeys = [] }: Ecs.UntagResourceRequest) => {
      const worn = wornBy(resourceArn);
      for (const key of tagKeys) worn.delete(key);
      return {};
    },
  };
};
