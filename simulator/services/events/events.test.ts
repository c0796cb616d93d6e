import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { ApiError } from '../../kernel/service.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import type { InnerCall } from '../perform.ts';
import { createScheduler, type Scheduler, type ScheduleSettings } from '../scheduler/create-scheduler.ts';
import { createEvents, type Events, type RuleTarget } from './create-events.ts';
import { DEFAULT_RETRY_POLICY } from './delivery.ts';
import { targetText } from './target-input.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:letters';
const ROLE = 'arn:aws:iam::111122223333:role/r';
const emitted = { source: 'aws.ec2', detailType: 'Test', resources: ['arn:x'], detail: { state: 'a"b' } };
const target = (more: Partial<RuleTarget> = {}): RuleTarget => ({
  arn: FUNCTION,
  retry: DEFAULT_RETRY_POLICY,
  ...more,
});

let time: VirtualTime;
let kernel: OpenKernel;
let events: Events;
let scheduler: Scheduler;
let performed: (InnerCall & { readonly atMs: number })[];
let refuse: (call: InnerCall) => ApiError | undefined;
let permitted: string[];

function payloads(): unknown[] {
  return performed
    .filter(({ service }) => service === 'lambda')
    .map(({ input }) => JSON.parse(Buffer.from((input as { Payload: Uint8Array }).Payload).toString()));
}

beforeEach(() => {
  time = installVirtualTime({ startMs: Date.parse('2026-01-01T00:00:00Z') });
  kernel = createKernel({ seed: 1, account: '111122223333' });
  [performed, permitted, refuse] = [[], [FUNCTION, QUEUE], () => undefined];
  const perform = async (call: InnerCall) => {
    performed.push({ ...call, atMs: kernel.clock.nowMs() });
    const refusal = refuse(call);
    if (refusal) throw refusal;
    return {};
  };
  const parts = { perform, recordMetric: () => {} };
  events = createEvents(kernel, { ...parts, permits: (arn) => permitted.includes(arn) });
  scheduler = createScheduler(kernel, parts);
  kernel.onEvent(events.emit);
});
afterEach(() => time.uninstall());

function rule(more: Partial<RuleTarget> = {}): void {
  events.deploy({ name: 'r', enabled: true, pattern: { source: ['aws.ec2'] }, targets: [target(more)] });
}

describe('a rule', () => {
  it('delivers a matching event in AWS’s envelope about a second later', async () => {
    rule();
    kernel.emit(emitted);
    kernel.emit({ ...emitted, source: 'aws.ssm' });
    await time.advance(600);
    expect(payloads()).toEqual([]);
    await time.advance(1000);
    expect(payloads()).toEqual([
      {
        ...{ version: '0', id: expect.any(String), account: '111122223333', region: 'eu-west-1' },
        ...{ time: '2026-01-01T00:00:00Z', source: 'aws.ec2', 'detail-type': 'Test' },
        ...{ resources: ['arn:x'], detail: { state: 'a"b' } },
      },
    ]);
    expect(performed[0]).toMatchObject({
      caller: { kind: 'service', name: 'rule:r' },
      input: { InvocationType: 'Event' },
    });
  });

  it.each([
    ['drop', 0],
    ['double', 2],
    [{ delayMs: 60_000 }, 0],
  ] as const)('suffers the fault %j', async (outcome, count) => {
    rule();
    kernel.faults.add({ source: 'aws.ec2', outcome });
    kernel.emit(emitted);
    await time.advance(5000);
    expect(payloads()).toHaveLength(count);
  });

  it('retries with growing pauses while the target is unwell', async () => {
    rule();
    let unwell = 3;
    refuse = () => (unwell-- > 0 ? new ApiError('ServiceException', '', 500) : undefined);
    kernel.emit(emitted);
    await time.advance(60_000);
    expect(performed).toHaveLength(4);
    expect(events.lost).toEqual([]);
  });

  it('sends to the dead-letter queue at once when the target does not let it in', async () => {
    permitted = [QUEUE];
    rule({ deadLetterArn: QUEUE });
    kernel.emit(emitted);
    await time.advance(2000);
    expect(performed.map(({ service, operation }) => `${service}:${operation}`)).toEqual(['sqs:SendMessage']);
  });

  it('notices what is lost for want of permission on the dead-letter queue, too', async () => {
    permitted = [];
    rule({ deadLetterArn: QUEUE });
    kernel.emit(emitted);
    await time.advance(2000);
    expect(performed).toEqual([]);
    expect(events.lost).toHaveLength(1);
  });

  it('fires on its schedule, until it is removed', async () => {
    events.deploy({ name: 's', enabled: true, schedule: 'rate(5 minutes)', targets: [target()] });
    await time.advance(11 * 60_000);
    expect(payloads().map((event) => (event as { time: string }).time)).toEqual([
      '2026-01-01T00:05:00Z',
      '2026-01-01T00:10:00Z',
    ]);
    events.remove('s');
    await time.advance(3_600_000);
    expect(payloads()).toHaveLength(2);
  });

  it('is silent while it is disabled', async () => {
    rule();
    events.setEnabled('r', false);
    kernel.emit(emitted);
    await time.advance(5000);
    expect(performed).toEqual([]);
    events.setEnabled('r', true);
    kernel.emit(emitted);
    await time.advance(5000);
    expect(performed).toHaveLength(1);
  });

  it('refuses targets that are not simulated', () => {
    expect(() => rule({ arn: 'arn:aws:batch:x' })).toThrow('not simulated');
  });
});

describe('target input', () => {
  const names = { ruleName: 'r', ruleArn: 'arn:r' };
  const event = { time: 't', detail: { state: 'a"b', list: [1, { x: 2 }] } };

  it.each([
    ['a constant', { input: '{"a":1}' }, '{"a":1}'],
    ['a part', { inputPath: '$.detail.list' }, '[1,{"x":2}]'],
    [
      'bare text in quotes, JSON outside',
      {
        transformer: {
          paths: { s: '$.detail.state', l: '$.detail.list[1].x' },
          template: '{"m":"is <s>","s":<s>,"l":<l>}',
        },
      },
      '{"m":"is a\\"b","s":"a\\"b","l":2}',
    ],
    ['reserved names', { transformer: { paths: {}, template: '{"r":"<aws.events.rule-name>"}' } }, '{"r":"r"}'],
  ])('knows %s', (_, input, expected) => {
    expect(targetText(event, input, names)).toBe(expected);
  });
});

describe('a schedule', () => {
  const settings: ScheduleSettings = {
    ...{ name: 'nightly', group: 'default', expression: 'cron(0 3 * * ? *)', timezone: 'Europe/Berlin', enabled: true },
    ...{ targetArn: FUNCTION, roleArn: ROLE, retry: DEFAULT_RETRY_POLICY },
    input: '{"time":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
  };

  it('invokes its target in its role with the scheduled time', async () => {
    scheduler.deploy(settings);
    await time.advance(24 * 3_600_000);
    expect(payloads()).toEqual([{ time: '2026-01-01T02:00:00Z', attempt: '1' }]);
    expect(performed[0]?.caller).toEqual({ kind: 'role', arn: ROLE, name: 'schedule:nightly' });
  });

  it('that is a rate invokes its target at once, and then at its intervals, whatever else is deployed', async () => {
    const rate = { ...settings, expression: 'rate(12 hours)' };
    scheduler.deploy(rate);
    await time.advance(60_000);
    expect(payloads()).toHaveLength(1);
    scheduler.deploy({ ...rate });
    await time.advance(24 * 3_600_000);
    expect(payloads()).toHaveLength(3);
  });

  it('may deliver twice, or not at all, by fault', async () => {
    scheduler.deploy(settings);
    kernel.faults.add({ source: 'aws.scheduler', outcome: 'double' });
    await time.advance(24 * 3_600_000);
    expect(payloads()).toEqual([payloads()[0], payloads()[0]]);
    kernel.faults.add({ source: 'aws.scheduler', outcome: 'drop' });
    await time.advance(24 * 3_600_000);
    expect(payloads()).toHaveLength(2);
  });

  it('counts its attempts', async () => {
    scheduler.deploy(settings);
    let unwell = 1;
    refuse = () => (unwell-- > 0 ? new ApiError('ServiceException', '', 500) : undefined);
    await time.advance(24 * 3_600_000);
    expect(payloads().map((each) => (each as { attempt: string }).attempt)).toEqual(['1', '2']);
  });

  it('is replaced by a later deployment, and silent when disabled', async () => {
    scheduler.deploy(settings);
    scheduler.deploy({ ...settings, enabled: false });
    await time.advance(48 * 3_600_000);
    expect(performed).toEqual([]);
  });
});
