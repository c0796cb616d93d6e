import { ecs } from '#platform/clients/ecs.ts';
import type { HeldService } from './held-service.ts';

/** DescribeTasks takes so many. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const pageSize = 100;

/**
 * Tasks of a service that have not stopped. The service's own counts leave out those on their way: while they deregister and
 * handle SIGTERM they still write.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export async function liveTasks({ cluster, service }: HeldService): Promise<number> {
  let live = 0;
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    let nextToken: string | undefined;
    do {
      const asked = { cluster, serviceName: service, desiredStatus, maxResults: pageSize };
      const page = await ecs().listTasks(nextToken === undefined ? asked : { ...asked, nextToken });
      live += await notStopped(cluster, page.taskArns);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return live;
}

async function notStopped(cluster: string, arns: readonly string[]): Promise<number> {
  if (arns.length === 0) return 0;
  const { tasks } = await ecs().describeTasks({ cluster, tasks: [...arns] });
  return tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
}
