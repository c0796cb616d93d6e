/** Services of ECS and their tasks, which come and go some time after what was desired of them has changed. */
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel } from '../../kernel/service.ts';

export interface ServiceSpec {
  readonly cluster: string;
  readonly name: string;
  /** Default 1; its tasks run at once. */
  readonly desiredCount?: number;
  readonly schedulingStrategy?: 'REPLICA' | 'DAEMON';
  readonly deploymentController?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** Created before ARNs had the cluster's name in them. */
  readonly hasOldArn?: boolean;
}

export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

export interface Task {
  readonly arn: string;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
}

export interface SimulatedService {
  readonly spec: ServiceSpec;
  readonly arn: string;
  readonly tags: Map<string, string>;
  readonly tasks: Task[];
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  /** What DescribeServices still shows. */
  shownCount: number;
  /** Of CodeDeploy or another controller; more than one while a deployment is under way. */
  taskSets: number;
}

export interface EcsTimings {
  /** Until a change of the desired count is seen, and the scheduler acts on it. Default 1 s. */
  readonly noticeMs: number;
  /** From the scheduler's decision until RUNNING. Default 40 s. */
  readonly startMs: number;
  /** Until STOPPED; the task is neither running nor stopped for the second half. Default 30 s. */
  readonly stopMs: number;
}

export type ServiceBook = ReturnType<typeof createServiceBook>;

export function createServiceBook(kernel: Kernel, timings: EcsTimings) {
  const services = new Map<string, SimulatedService>();
  const clusters = new Set<string>();
  const after = (ms: number, run: () => void) => void kernel.clock.at(kernel.clock.nowMs() + ms, run);
  const newTask = (cluster: string, lastStatus: TaskStatus): Task => ({
    arn: arn(kernel, 'ecs', `task/${cluster}/${kernel.random.hex(32)}`),
    lastStatus,
    desiredStatus: 'RUNNING',
  });

  function launch(spec: ServiceSpec): SimulatedService {
    const { cluster, name, desiredCount = 1, hasOldArn = false } = spec;
    clusters.add(cluster);
    const service: SimulatedService = {
      spec,
      arn: arn(kernel, 'ecs', hasOldArn ? `service/${name}` : `service/${cluster}/${name}`),
      tags: new Map(),
      tasks: Array.from({ length: desiredCount }, () => newTask(cluster, 'RUNNING')),
      status: 'ACTIVE',
      desiredCount,
      shownCount: desiredCount,
      taskSets: spec.deploymentController === undefined ? 0 : 1,
    };
    services.set(`${cluster}/${name}`, service);
    return service;
  }

  function setDesiredCount(service: SimulatedService, count: number): void {
    service.desiredCount = count;
    after(timings.noticeMs, () => {
      service.shownCount = service.desiredCount;
      schedule(service);
    });
  }

  /** What the service scheduler does about the difference. */
  function schedule(service: SimulatedService): void {
    const wanted = service.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    for (const task of wanted.slice(service.desiredCount)) stop(task);
    for (let missing = service.desiredCount - wanted.length; missing > 0; missing -= 1) start(service);
  }

  function start(service: SimulatedService): void {
    const task = newTask(service.spec.cluster, 'PROVISIONING');
    service.tasks.push(task);
    moveOn(task, [
      ['PENDING', timings.startMs / 2],
      ['RUNNING', timings.startMs],
    ]);
  }

  function stop(task: Task): void {
    task.desiredStatus = 'STOPPED';
    moveOn(task, [
      ['DEACTIVATING', timings.stopMs / 2],
      ['STOPPING', (timings.stopMs * 3) / 4],
      ['STOPPED', timings.stopMs],
    ]);
  }

  /** Until the task is wanted to do something else. */
  function moveOn(task: Task, steps: readonly (readonly [TaskStatus, number])[]): void {
    const { desiredStatus } = task;
    for (const [status, ms] of steps) {
      after(ms, () => {
        if (task.desiredStatus === desiredStatus) task.lastStatus = status;
      });
    }
  }

  function named(cluster = 'default', reference = ''): SimulatedService | undefined {
    requireCluster(cluster);
    return services.get(`${cluster}/${reference.split('/').at(-1)}`);
  }

  function requireCluster(cluster: string): void {
    if (!clusters.has(cluster)) throw new ApiError('ClusterNotFoundException', 'Cluster not found.');
  }

  function required(cluster: string | undefined, reference: string | undefined): SimulatedService {
    const found = named(cluster, reference);
    if (found === undefined) throw new ApiError('ServiceNotFoundException', 'Service not found.');
    if (found.status !== 'ACTIVE') throw new ApiError('ServiceNotActiveException', 'Service was not ACTIVE.');
    return found;
  }

  const byArn = (serviceArn: string) => [...services.values()].find((service) => service.arn === serviceArn);

  return { launch, setDesiredCount, named, required, requireCluster, byArn, all: services };
}
