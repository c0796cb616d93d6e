/** Plans of AWS Backup as they are deployed: what they copy by themselves, and what is told of them. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { nightly } from './scenario/policy.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  redeploy,
  type Stage,
  subjects,
} from './scenario/stage.ts';
import { stopSweep } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const tags = { cluster: 'hpc-1' };
const homes = 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d';
const share = 'arn:aws:fsx:eu-west-1:111122223333:file-system/fs-0f5a0000';

type Plan = NonNullable<PolicyInput['plans']>[string];

/** At 01:00, four hours before its plan; confirmed subscriptions. */
async function open(plan: Partial<Plan> = {}): Promise<void> {
  stage = await openStage({ policy: { ...nightly(), plans: { cluster: { select: { tags }, ...plan } } } });
  stage.services.efs.world.create({ id: 'fs-0a1b2c3d', tags });
  await stage.time.advance(hourMs);
}

const backup = () => stage.services.backup;
const jobs = () => [...backup().world.jobs.values()];
const told = () => stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('plan cluster'));
/** Past the start window and the next look of the watch. */
const untilToldMs = 7 * hourMs;

describe('a plan', () => {
  it('copies by itself what carries its tags, into its vault, with the stack’s tag', async () => {
    await open();
    const scheduler = stage.services.ec2.world.instance('orders-db');
    for (const [key, value] of Object.entries(tags)) scheduler.tags.set(key, value);
    await stage.time.advance(dayMs);
    expect(jobs()).toMatchObject([
      { state: 'COMPLETED', vault: expect.stringMatching(/^holdfast-plan-cluster-/), source: { type: 'EC2' } },
      { state: 'COMPLETED', source: { arn: homes } },
    ]);
    const [point] = backup().world.points.values();
    expect(point?.tags.get('holdfast:stack')).toBe('Holdfast');
    expect(point?.lifecycle).toEqual({ deleteAfterDays: 30 });
    expect(told()).toEqual([]);
  });

  it('copies at its own time, and no more once the policy has it no more', async () => {
    await open({ rules: [{ cron: '30 4 * * ? *', timeZone: 'Europe/Paris', startWithin: '60m' }] });
    await stage.time.advance(89 * minuteMs);
    expect(jobs()).toEqual([]);
    await stage.time.advance(minuteMs);
    expect(jobs()).toHaveLength(1);
    await redeploy(stage, nightly());
    await stage.time.advance(dayMs);
    expect(jobs()).toHaveLength(1);
  });
});

describe('the look at plans every hour', () => {
  it.each(['FAILED', 'EXPIRED', 'PARTIAL'] as const)(
    'tells of a copy that ended %s, once, in AWS Backup’s words',
    async (end) => {
      await open();
      backup().arrange.nextJob(end);
      await stage.time.advance(dayMs);
      expect(told().map(({ subject }) => subject)).toEqual([`[Holdfast] plan cluster: copies ended badly: 1 ${end}`]);
      expect(told()[0]?.message).toContain(homes);
      expect(told()[0]?.message).toContain('    > ');
    },
  );

  it('tells of a copy that is complete with issues, and the next day of another alone', async () => {
    await open();
    backup().arrange.nextJob('issues');
    await stage.time.advance(dayMs);
    backup().arrange.nextJob('FAILED');
    await stage.time.advance(dayMs);
    expect(told().map(({ subject }) => subject)).toEqual([
      '[Holdfast] plan cluster: copies ended badly: 1 COMPLETED with issues',
      '[Holdfast] plan cluster: copies ended badly: 1 FAILED',
    ]);
  });

  it('tells what the role of the plan was refused', async () => {
    await open();
    const fault = { service: 'elasticfilesystem', operation: 'Backup', times: 1 };
    stage.faults.add({
      ...fault,
      effect: { kind: 'refuse', code: 'AccessDeniedException', message: 'not authorized', status: 400 },
    });
    await stage.time.advance(untilToldMs);
    expect(told()[0]?.message).toContain('    > not authorized');
  });

  it('tells when a copy was not begun, since AWS Backup leaves its type alone', async () => {
    await open();
    backup().arrange.optOut('EFS');
    await stage.time.advance(untilToldMs);
    expect(told().map(({ subject }) => subject)).toEqual(['[Holdfast] plan cluster: copies MISSED, of 1 resource']);
    expect(told()[0]?.message).toContain(homes);
  });

  it('misses nothing of what got the tags after the plan was due', async () => {
    await open();
    await stage.time.advance(4 * hourMs);
    backup().world.add(share, { tags });
    await stage.time.advance(4 * hourMs);
    expect(told()).toEqual([]);
    await stage.time.advance(dayMs);
    expect(jobs().map(({ source }) => source.type)).toContain('FSx');
    expect(told()).toEqual([]);
  });

  it('tells that a plan was due and nothing carries its tags, once', async () => {
    await open({ select: { tags: { cluster: 'hpc-2' } } });
    await stage.time.advance(2 * dayMs);
    expect(told().map(({ subject }) => subject)).toEqual([
      '[Holdfast] plan cluster: NOTHING was copied, since nothing carries its tags',
    ]);
  });

  it('says nothing of plans where the night was good', async () => {
    await open();
    await stage.time.advance(2 * dayMs);
    expect(jobs()).toHaveLength(2);
    expect(subjects(stage).filter((subject) => subject.includes('plan'))).toEqual([]);
  });

  it('is missed where it does not come: an alarm tells', async () => {
    await open();
    await stage.time.advance(hourMs);
    const alarms = () => subjects(stage).filter((subject) => subject.includes('RetireSilent'));
    const before = alarms().length;
    stopSweep(stage, 'Retire');
    await stage.time.advance(4 * hourMs);
    expect(alarms()).toHaveLength(before + 1);
  });
});
