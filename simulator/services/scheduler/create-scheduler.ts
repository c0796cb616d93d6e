/** Simulated EventBridge Scheduler: schedules in people's time zones, at least once. */
import { isDeepStrictEqual } from 'node:util';
import type {
  GetScheduleCommandInput,
  GetScheduleCommandOutput,
  ListSchedulesCommandInput,
  ListSchedulesCommandOutput,
} from '@aws-sdk/client-scheduler';
import { arn } from '../../iam/arn.ts';
import { ApiError, type Kernel, type Service } from '../../kernel/service.ts';
import { checkTarget, type DeliveryParts, deliver, type RetryPolicy } from '../events/delivery.ts';
import { uuid } from '../lambda/function-registry.ts';
import type { RecordMetric } from '../perform.ts';
import { parseSchedule } from './schedule-expression.ts';

export interface ScheduleSettings {
  readonly name: string;
  /** `default` unless told. */
  readonly group: string;
  /** `cron(…)`, `rate(…)` or `at(…)` */
  readonly expression: string;
  /** IANA, default UTC. */
  readonly timezone: string;
  readonly enabled: boolean;
  readonly description?: string | undefined;
  readonly targetArn: string;
  readonly roleArn: string;
  /** JSON text with context attributes such as `<aws.scheduler.scheduled-time>`. */
  readonly input: string;
  readonly retry: RetryPolicy;
  readonly deadLetterArn?: string | undefined;
}

export interface Scheduler extends Service {
  /**
   * Creates or replaces a schedule. Its invocations pass the event faults as source `aws.scheduler`, detail-type
   * `Schedule`, so that they can be dropped, doubled or delayed.
   */
  deploy(settings: ScheduleSettings): void;
  remove(group: string, name: string): void;
  readonly arrange: {
    /** The next `times` invocations (default 1) of any schedule arrive twice. */
    deliverTwice(times?: number): void;
  };
  /** What could not be delivered and had no dead-letter queue. */
  readonly lost: readonly unknown[];
}

export interface SchedulerParts extends Omit<DeliveryParts, 'clock' | 'onLost' | 'permits'> {
  readonly recordMetric: RecordMetric;
}

interface Schedule {
  readonly settings: ScheduleSettings;
  readonly arn: string;
  readonly createdMs: number;
  cancel(): void;
}

interface Books {
  readonly kernel: Kernel;
  readonly parts: SchedulerParts & DeliveryParts;
  readonly schedules: Map<string, Schedule>;
  readonly newId: () => string;
  readonly delayMs: () => number;
}

/** Source: Scheduler User Guide, "Adding context attributes". */
function fillContext(text: string, attributes: Readonly<Record<string, string>>): string {
  return text.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole: string, name: string) => attributes[name] ?? whole);
}

async function invoke(books: Books, schedule: Schedule, timeMs: number): Promise<void> {
  const { settings } = schedule;
  const scheduledTime = `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
  const fixed = { 'scheduled-time': scheduledTime, 'schedule-arn': schedule.arn, 'execution-id': books.newId() };
  const delivered = await deliver(books.parts, {
    targetArn: settings.targetArn,
    roleArn: settings.roleArn,
    principal: 'scheduler.amazonaws.com',
    sourceArn: schedule.arn,
    callerName: `schedule:${settings.name}`,
    text: (attempt) => fillContext(settings.input, { ...fixed, 'attempt-number': String(attempt) }),
    retry: settings.retry,
    deadLetterArn: settings.deadLetterArn,
  });
  const metric = delivered ? 'TargetInvocations' : 'InvocationDroppedCount';
  books.parts.recordMetric('AWS/Scheduler', metric, { ScheduleGroup: settings.group }, 1);
}

function fire(books: Books, schedule: Schedule, timeMs: number): void {
  const { clock, faults } = books.kernel;
  const event = { source: 'aws.scheduler', detailType: 'Schedule', resources: [schedule.arn], detail: {} };
  const outcome = faults.event(event);
  const extraMs = typeof outcome === 'object' ? outcome.delayMs : 0;
  const copies = outcome === 'drop' ? 0 : outcome === 'double' ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    clock.at(clock.nowMs() + books.delayMs() + extraMs, () => invoke(books, schedule, timeMs));
  }
}

function arm(books: Books, schedule: Schedule): void {
  const { clock } = books.kernel;
  const { expression, timezone } = schedule.settings;
  const next = parseSchedule(expression, clock.nowMs(), timezone);
  const armAfter = (afterMs: number): void => {
    const timeMs = next(afterMs);
    if (timeMs === undefined) return;
    schedule.cancel = clock.at(timeMs, () => {
      fire(books, schedule, timeMs);
      armAfter(timeMs);
    });
  };
  // A rate without StartDate begins with an invocation (Scheduler User Guide, "Rate-based schedules").
  const isDueNow = expression.startsWith('rate');
  armAfter(clock.nowMs() - (isDueNow ? 1 : 0));
}

function deploy(books: Books, settings: ScheduleSettings): void {
  checkTarget(settings.targetArn);
  const key = `${settings.group}/${settings.name}`;
  const existing = books.schedules.get(key);
  // CloudFormation leaves alone what has not changed.
  if (existing !== undefined && isDeepStrictEqual(existing.settings, settings)) return;
  existing?.cancel();
  const createdMs = books.kernel.clock.nowMs();
  const scheduleArn = arn(books.kernel, 'scheduler', `schedule/${key}`);
  const schedule: Schedule = { settings, arn: scheduleArn, createdMs, cancel: () => {} };
  parseSchedule(settings.expression, createdMs, settings.timezone);
  if (settings.enabled) arm(books, schedule);
  books.schedules.set(key, schedule);
}

function summary({ settings, arn: scheduleArn, createdMs }: Schedule) {
  return {
    Arn: scheduleArn,
    Name: settings.name,
    GroupName: settings.group,
    State: settings.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    CreationDate: new Date(createdMs),
    LastModificationDate: new Date(createdMs),
  };
}

function getSchedule(books: Books, input: GetScheduleCommandInput): Omit<GetScheduleCommandOutput, '$metadata'> {
  const schedule = books.schedules.get(`${input.GroupName ?? 'default'}/${input.Name}`);
  if (!schedule) throw new ApiError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404);
  const { settings } = schedule;
  return {
    ...summary(schedule),
    ScheduleExpression: settings.expression,
    ScheduleExpressionTimezone: settings.timezone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: settings.targetArn, RoleArn: settings.roleArn, Input: settings.input },
    ...(settings.description ? { Description: settings.description } : {}),
  };
}

function listSchedules(books: Books, input: ListSchedulesCommandInput): Omit<ListSchedulesCommandOutput, '$metadata'> {
  const found = [...books.schedules.values()].filter(
    ({ settings }) =>
      (input.GroupName ?? settings.group) === settings.group && settings.name.startsWith(input.NamePrefix ?? ''),
  );
  return { Schedules: found.map((each) => ({ ...summary(each), Target: { Arn: each.settings.targetArn } })) };
}

/** A Scheduler without schedules. */
export function createScheduler(kernel: Kernel, parts: SchedulerParts): Scheduler {
  const random = kernel.random.fork('scheduler');
  const lost: unknown[] = [];
  // A schedule always acts in a role; no resource policy is asked.
  const delivery = { clock: kernel.clock, permits: () => true, onLost: (reason: unknown) => void lost.push(reason) };
  const books: Books = {
    kernel,
    parts: { ...parts, ...delivery },
    schedules: new Map(),
    newId: () => uuid(random),
    delayMs: () => Math.round(random.between(100, 900)),
  };
  return {
    name: 'scheduler',
    client: () => import('@aws-sdk/client-scheduler'),
    operations: {
      GetSchedule: (input: GetScheduleCommandInput) => getSchedule(books, input),
      ListSchedules: (input: ListSchedulesCommandInput) => listSchedules(books, input),
    },
    access: (operation, input: GetScheduleCommandInput) => [
      {
        action: `scheduler:${operation}`,
        resource: arn(kernel, 'scheduler', `schedule/${input.GroupName ?? 'default'}/${input.Name ?? '*'}`),
      },
    ],
    deploy: (settings) => deploy(books, settings),
    remove: (group, name) => {
      books.schedules.get(`${group}/${name}`)?.cancel();
      books.schedules.delete(`${group}/${name}`);
    },
    arrange: {
      deliverTwice: (times = 1) => void kernel.faults.add({ source: 'aws.scheduler', times, outcome: 'double' }),
    },
    lost,
  };
}
