/** ECS, as far as the functions use it: services, their tags, and what their tasks are doing. */
import type {
  DescribeServicesCommandInput,
  DescribeTasksCommandInput,
  ListTasksCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import * as z from 'zod/mini';
import type { CallerSettings } from '../aws/aws-caller.ts';
import { jsonCaller } from '../aws/json-caller.ts';
import { lazy } from '../lazy.ts';

const tag = z.object({ key: z.string(), value: z.string() });

const service = z.object({
  serviceArn: z.string(),
  /** `ACTIVE`, `DRAINING` (being deleted) or `INACTIVE`. */
  status: z.string(),
  desiredCount: z.number(),
  runningCount: z.number(),
  pendingCount: z.number(),
  schedulingStrategy: z.optional(z.string()),
  deploymentController: z.optional(z.object({ type: z.optional(z.string()) })),
  /** Of CodeDeploy, one a deployment that is not over. */
  taskSets: z._default(z.array(z.unknown()), []),
  /** Present because asked for. */
  tags: z._default(z.array(tag), []),
});
export type EcsService = z.infer<typeof service>;

const described = z.object({ services: z._default(z.array(service), []) });
const listed = z.object({ taskArns: z._default(z.array(z.string()), []), nextToken: z.optional(z.string()) });
const tasks = z.object({ tasks: z._default(z.array(z.object({ lastStatus: z.optional(z.string()) })), []) });
const nothing = z.unknown();

export interface Ecs {
  /** What is not there is left out of the reply. */
  describeServices(input: DescribeServicesCommandInput): Promise<z.infer<typeof described>>;
  updateService(input: UpdateServiceCommandInput): Promise<unknown>;
  /** One page. */
  listTasks(input: ListTasksCommandInput): Promise<z.infer<typeof listed>>;
  describeTasks(input: DescribeTasksCommandInput): Promise<z.infer<typeof tasks>>;
  tagResource(input: TagResourceCommandInput): Promise<unknown>;
  untagResource(input: UntagResourceCommandInput): Promise<unknown>;
}

export const ecsService = {
  id: 'ECS',
  host: 'ecs',
  version: '1.1',
  target: 'AmazonEC2ContainerServiceV20141113',
} as const;

export const ecs: () => Ecs = lazy(() => ecsOver());

export function ecsOver(settings?: CallerSettings): Ecs {
  const call = jsonCaller(ecsService, settings);
  return {
    describeServices: (input) => call('DescribeServices', input, described),
    updateService: (input) => call('UpdateService', input, nothing),
    listTasks: (input) => call('ListTasks', input, listed),
    describeTasks: (input) => call('DescribeTasks', input, tasks),
    tagResource: (input) => call('TagResource', input, nothing),
    untagResource: (input) => call('UntagResource', input, nothing),
  };
}
