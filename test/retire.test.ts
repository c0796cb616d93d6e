import { CreateSnapshotCommand, DeleteSnapshotCommand, DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { pointsFromTags } from '#flows/points-from-tags.ts';
import { readPoint } from '#ledger/points.ts';
import { ebs } from '#providers/ebs/index.ts';
import { denied, throttled } from '#simulator/kernel/faults.ts';
import type { SnapshotRecord } from '#simulator/services/ec2/records.ts';
import { appliance, applianceId, database, databaseId, nightly } from './scenario/policy.ts';
import { begin, emptyLedger, end, functionNamed, recover, recovered } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  minuteMs,
  openStage,
  pointsIn,
  redeploy,
  type Stage,
} from './scenario/stage.ts';
import { stopSchedules, stopSweep, thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const world = () => stage.services.ec2.world;

/** Nights of the appliance, few days kept, with every sweep once in six hours. */
async function openNights(nights: number, retention = { days: 3, minimum: 1 }): Promise<void> {
  stage = await openStage({ policy: nightly({ appliance: appliance({ retention }) }) });
  thinOutSweeps(stage, 12);
  await stage.time.advance((nights - 1) * dayMs + 4 * hourMs);
}

/** Backups of the appliance that exist in EC2, newest first, each by its run. */
const kept = (workload = 'appliance'): readonly SnapshotRecord[] =>
  [...world().snapshots.values()]
    .filter(({ tags, goneAtMs }) => tags.get('holdfast:workload') === workload && goneAtMs === undefined)
    .filter(({ tags }) => tags.get('holdfast:role') === 'backup')
    .sort((one, other) => other.startTimeMs - one.startTimeMs);
const runsKept = (workload?: string) => [...new Set(kept(workload).map(({ tags }) => tags.get('holdfast:run')))];
const nightsKept = () => runsKept().map((run) => run?.slice('appliance-2026'.length, -'T030000Z'.length));
/** Points that the ledger says exist, newest first. */
const live = async (workload = 'appliance') =>
  (await pointsIn(stage, workload)).filter(({ retire }) => retire?.doneAt === undefined).map(({ id }) => id);
const retireNow = () => stage.invoke(functionNamed(stage, 'Retire'));
const lastMail = () =>
  stage.services.sns
    .mails()
    .filter(({ address, subject }) => address === failuresAddress && subject.startsWith('[Holdfast]'))
    .at(-1)?.message;
const operator = () => new EC2Client({});

describe('retiring by age', () => {
  it('keeps exactly the nights of the last 30 days out of 35, in EC2 and in the ledger alike', async () => {
    stage = await openStage({ policy: nightly({ 'orders-db': database() }) });
    thinOutSweeps(stage, 12);
    await stage.time.advance(34 * dayMs + 14 * hourMs);
    const runs = runsKept('orders-db');
    expect(runs).toHaveLength(30);
    expect([runs[0], runs.at(-1)]).toEqual(['orders-db-20260218T030000Z', 'orders-db-20260120T030000Z']);
    expect(kept('orders-db')).toHaveLength(30 * 4);
    expect(await live('orders-db')).toEqual(runs);
    expect(await pointsIn(stage, 'orders-db')).toHaveLength(35);
    expect(toldBy(stage)).toEqual([]);
  });

  it('keeps the newest seven, however old, when the schedule has been dead for 60 days', async () => {
    await openNights(9, { days: 3, minimum: 7 });
    stopSchedules(stage);
    thinOutSweeps(stage, 24);
    await stage.time.advance(60 * dayMs);
    expect(nightsKept()).toEqual(['0123', '0122', '0121', '0120', '0119', '0118', '0117']);
    expect(await live()).toEqual(runsKept());
  });

  it('never deletes the newest point, even when it alone is left and all of its time is over', async () => {
    await openNights(3, { days: 1, minimum: 1 });
    stopSchedules(stage);
    await stage.time.advance(10 * dayMs);
    expect(nightsKept()).toEqual(['0117']);
    expect(await live()).toEqual(runsKept());
  });

  it('does not count failed nights: the newest sealed point stays though runs failed since', async () => {
    await openNights(1, { days: 1, minimum: 1 });
    for (let night = 0; night < 4; night += 1) {
      stage.services.ec2.arrange.snapshotFails(world().volumeAt(applianceId, '/dev/sdh').id);
      await stage.time.advance(dayMs);
    }
    expect(runsKept()).toContain('appliance-20260115T030000Z');
    expect(await live()).toEqual(['appliance-20260115T030000Z']);
  });
});

const oldest = 'appliance-20260115T030000Z';
/** Three nights, the oldest due to be retired by the next call. */
const openDue = async () => {
  stage = await openStage({ policy: nightly({ appliance: appliance({ retention: { days: 2, minimum: 1 } }) }) });
  thinOutSweeps(stage, 12);
  stopSweep(stage, 'Retire');
  await stage.time.advance(2 * dayMs + 4 * hourMs);
  expect(runsKept()).toHaveLength(3);
};

describe('a point whose time is over when somebody has deleted all newer ones', () => {
  const deleteNewer = async () => {
    const newer = kept().filter(({ tags }) => tags.get('holdfast:run') !== oldest);
    for (const { id } of newer) await stage.drive(operator().send(new DeleteSnapshotCommand({ SnapshotId: id })));
    await stage.time.advance(10 * minuteMs); // until EC2 shows it everywhere
  };

  it('is the last good one, and stays: it is looked whether those are there before any is deleted', async () => {
    await openDue();
    await deleteNewer();
    await retireNow();
    expect(runsKept()).toEqual([oldest]);
    expect(await live()).toContain(oldest);
    await recover(stage, { workload: 'appliance' });
    expect((await recovered(stage, 'appliance'))?.pointId).toBe(oldest);
  });

  it('stays also where its deletion was planned before, and AWS had refused it', async () => {
    await openDue();
    const effect = denied('UnauthorizedOperation');
    const mend = stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: Infinity, effect });
    await retireNow();
    mend();
    expect((await pointsIn(stage, 'appliance')).at(-1)?.retire).toBeDefined();
    await deleteNewer();
    await retireNow();
    expect(runsKept()).toEqual([oldest]);
    await retireNow();
    expect(runsKept()).toEqual([oldest]);
    await recover(stage, { workload: 'appliance' });
    expect((await recovered(stage, 'appliance'))?.pointId).toBe(oldest);
  });
});

describe('a point whose deletion was planned and refused when its owner raises the retention', () => {
  const kept30 = { days: 30, minimum: 1 };
  /** Refuses deletions of snapshots, but of the first few. */
  const refuse = (but = 0) => {
    let left = but;
    const effect = denied('UnauthorizedOperation');
    const when = () => {
      left -= 1;
      return left < 0;
    };
    return stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: Infinity, when, effect });
  };

  it('stays, and is offered and counted again', async () => {
    await openDue();
    const mend = refuse();
    await retireNow();
    expect((await pointsIn(stage, 'appliance')).at(-1)?.retire).toBeDefined();
    mend();
    await redeploy(stage, nightly({ appliance: appliance({ retention: kept30 }) }));
    await retireNow();
    expect(runsKept()).toHaveLength(3);
    expect((await pointsIn(stage, 'appliance')).at(-1)?.retire).toBeUndefined();
    await recover(stage, { workload: 'appliance', point: oldest });
    expect((await recovered(stage, 'appliance'))?.pointId).toBe(oldest);
  });

  it('stays with what is left of it, too, and it is told that it is broken', async () => {
    const policy = (retention: typeof kept30) => nightly({ 'orders-db': database({ retention }) });
    stage = await openStage({ policy: policy({ days: 2, minimum: 1 }) });
    thinOutSweeps(stage, 12);
    stopSweep(stage, 'Retire');
    await stage.time.advance(2 * dayMs + 4 * hourMs);
    const mend = refuse(1);
    await retireNow();
    expect(kept('orders-db')).toHaveLength(11);
    mend();
    await redeploy(stage, policy(kept30));
    await retireNow();
    await stage.time.advance(10 * minuteMs);
    expect(kept('orders-db')).toHaveLength(11);
    expect(toldBy(stage).at(-1)).toContain('BROKEN');
  });

  it('goes where the policy goes on letting it go', async () => {
    await openDue();
    const mend = refuse();
    await retireNow();
    mend();
    await retireNow();
    expect(runsKept()).not.toContain(oldest);
  });
});

describe('a point that a recovery is using', () => {
  it('is not deleted before that recovery has ended', async () => {
    await openDue();
    await begin(stage, { workload: 'appliance', point: oldest });
    await stage.time.advance(90_000);
    await retireNow();
    expect((await recovered(stage, 'appliance'))?.endedAt).toBeUndefined();
    expect(runsKept()).toContain(oldest);
    await end(stage);
    await retireNow();
    expect(runsKept()).not.toContain(oldest);
  });

  it('is not deleted either when the recovery began while retire was writing down its plan', async () => {
    await openDue();
    const caller = `function:${functionNamed(stage, 'Retire')}`;
    const isIntent = (input: unknown) => JSON.stringify(input).includes(`point#${oldest}`);
    const slow = { kind: 'delay', ms: 30_000 } as const;
    stage.faults.add({ service: 'dynamodb', operation: 'PutItem', caller, when: isIntent, effect: slow });
    const retiring = new LambdaClient({}).send(new InvokeCommand({ FunctionName: functionNamed(stage, 'Retire') }));
    await begin(stage, { workload: 'appliance', point: oldest });
    await stage.drive(retiring);
    expect((await recovered(stage, 'appliance'))?.pointId).toBe(oldest);
    expect(runsKept()).toContain(oldest);
    await end(stage);
    expect((await recovered(stage, 'appliance'))?.state).toBe('committed');
    await retireNow();
    expect(runsKept()).not.toContain(oldest);
  });
});

describe('what this stack did not make', () => {
  it('is left alone: snapshots by hand, and those of another stack with the same workload', async () => {
    await openNights(1);
    const VolumeId = world().volumeAt(applianceId, '/dev/sdh').id;
    const tagged = (stack: string) => ({
      VolumeId,
      TagSpecifications: [
        {
          ResourceType: 'snapshot' as const,
          Tags: [
            { Key: 'holdfast:stack', Value: stack },
            { Key: 'holdfast:workload', Value: 'appliance' },
            { Key: 'holdfast:run', Value: 'appliance-20260115T030000Z' },
          ],
        },
      ],
    });
    const plain = await stage.drive(operator().send(new CreateSnapshotCommand({ VolumeId })));
    await stage.time.advance(minuteMs);
    const foreign = await stage.drive(operator().send(new CreateSnapshotCommand(tagged('Other'))));
    await stage.time.advance(6 * dayMs);
    for (const { SnapshotId = '' } of [plain, foreign]) {
      expect(world().snapshots.get(SnapshotId)).toMatchObject({ goneAtMs: undefined });
      const role = { kind: 'role', arn: roleOf('Retire'), name: 'test' } as const;
      const input = { SnapshotId };
      await expect(
        stage.drive(stage.gateway.perform({ caller: role, service: 'ec2', operation: 'DeleteSnapshot', input })),
      ).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    }
  });

  it('cannot be deleted even if the ledger says that it is ours: the tag must agree, and somebody is told', async () => {
    await openNights(3, { days: 2, minimum: 1 });
    const [oldest] = kept().slice(-1);
    const Tags = [{ Key: 'holdfast:stack' }];
    await stage.drive(operator().send(new DeleteTagsCommand({ Resources: [oldest?.id ?? ''], Tags })));
    await stage.time.advance(2 * dayMs);
    expect(runsKept().at(-1)).toBe('appliance-20260115T030000Z');
    expect(toldBy(stage)).toEqual([expect.stringContaining('appliance: an old point cannot be deleted')]);
    expect(lastMail()).toContain('UnauthorizedOperation');
  });
});

/** The execution role of a step's function. */
function roleOf(step: string): string {
  const name = functionNamed(stage, step);
  const call = stage.calls.of('dynamodb', 'Query').find(({ call }) => call.caller.name === `function:${name}`);
  return call?.call.caller.arn ?? '';
}

describe('a snapshot that an image holds', () => {
  it('is told once, is tried again, and goes when the image is gone', async () => {
    await openNights(3, { days: 2, minimum: 1 });
    const oldest = kept().at(-1)?.id ?? '';
    stage.services.ec2.arrange.snapshotUsedByImage(oldest, 'ami-0123456789abcdef0');
    await stage.time.advance(3 * dayMs);
    expect(kept().at(-1)?.id).toBe(oldest);
    expect(toldBy(stage)).toEqual([expect.stringContaining('appliance: an old point cannot be deleted')]);
    expect(lastMail()).toContain('ami-0123456789abcdef0');
    const tries = stage.calls.of('ec2', 'DeleteSnapshot').filter(({ input }) => JSON.stringify(input).includes(oldest));
    expect(tries.length).toBeGreaterThan(3);
    const held = world().snapshots.get(oldest);
    if (held) held.usedByImage = undefined;
    await stage.time.advance(13 * hourMs);
    expect(kept().map(({ id }) => id)).not.toContain(oldest);
    expect(await live()).toEqual(runsKept());
  });

  it('is no reason for a mail when EC2 was only throttling', async () => {
    await openNights(3, { days: 2, minimum: 1 });
    stage.faults.add({ service: 'ec2', operation: 'DeleteSnapshot', times: 6, effect: throttled() });
    await stage.time.advance(2 * dayMs);
    expect(toldBy(stage)).toEqual([]);
    expect(nightsKept()).toEqual(['0119', '0118', '0117']);
    expect(await live()).toEqual(runsKept());
  });
});

describe('a function that dies while it deletes', () => {
  it('leaves nothing half retired, whichever call it dies after', async () => {
    await openNights(2, { days: 1, minimum: 1 });
    for (let afterCalls = 0; afterCalls < 12; afterCalls += 1) {
      stage.services.lambda.crash({ functionName: functionNamed(stage, 'Retire'), afterCalls });
      await stage.time.advance(dayMs);
    }
    await stage.time.advance(12 * hourMs);
    expect(await live()).toEqual(runsKept());
    expect(runsKept().length).toBeLessThanOrEqual(2);
    expect(toldBy(stage)).toEqual([]);
  });
});

describe('a lost ledger', () => {
  it('loses no point: the tags of the snapshots tell them all, and nothing of them is deleted', async () => {
    stage = await openStage({ policy: nightly({ 'orders-db': database({ retention: { days: 2, minimum: 1 } }) }) });
    thinOutSweeps(stage, 12);
    await stage.time.advance(2 * dayMs + 4 * hourMs);
    const before = await pointsIn(stage, 'orders-db');
    expect(before).toHaveLength(3);
    await emptyLedger(stage, 'orders-db');
    expect(await pointsIn(stage, 'orders-db')).toEqual([]);
    const found = await stage.drive(pointsFromTags('orders-db', [ebs]));
    const known = runsKept('orders-db');
    expect(found.map(({ id }) => id)).toEqual(known);
    expect(found[0]).toMatchObject({ takenAt: before[0]?.takenAt, verdict: { consistency: 'application-consistent' } });
    expect(new Set(found[0]?.artifacts.map(({ id }) => id))).toEqual(new Set(before[0]?.artifacts.map(({ id }) => id)));
    await stage.time.advance(3 * dayMs);
    for (const run of known) expect(runsKept('orders-db')).toContain(run);
    expect((await pointsIn(stage, 'orders-db')).length).toBeGreaterThan(0);
    expect(await stage.drive(readPoint('orders-db', known[0] ?? ''))).toBeUndefined();
    expect(world().instance(databaseId).state).toBe('running');
  });
});
