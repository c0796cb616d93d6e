/** Single sweeps, of points with copies in another Region as the ledger may have them: what each writes down, asks for, and says. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Point } from '#domain/point.ts';
import type { PointCopy } from '#domain/point-copy.ts';
import { changePoint, createPoint } from '#ledger/points.ts';
import { denied, type FaultEffect, throttled } from '#simulator/kernel/faults.ts';
import { answerOf, logged } from './scenario/asking.ts';
import { appliance, nightly } from './scenario/policy.ts';
import { copyTo, key, keyId, region } from './scenario/second-region.ts';
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
import { stopSchedules, stopSweep, toldBy } from './scenario/sweeps.ts';

let stage: Stage;
/** Of the first night, sealed, with one part that nobody has asked for. */
let sealed: Point;

const moment = expect.stringMatching(/^2026-01-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const settle = () => answerOf(stage, 'Settle');
const retire = () => answerOf(stage, 'Retire');
const idle = { runs: 0, recoveries: 0 };

beforeEach(async () => {
  stage = await openStage({ policy: nightly({ appliance: appliance() }), neighbours: [region] });
  stage.neighbour(region).services.kms.createKey({ id: keyId });
  await stage.time.advance(2.5 * hourMs);
  // From now on the policy has copies, which nobody has asked for yet, and no sweep comes but those that are called here.
  await redeploy(stage, nightly({ appliance: appliance({ copyTo }) }));
  const [point] = await pointsIn(stage, 'appliance');
  if (point === undefined) throw new Error('There is no point.');
  sealed = point;
  for (const words of ['Settle', 'Retire', 'Watch']) stopSweep(stage, words);
  await stage.time.advance(hourMs);
  stage.calls.clear();
});
afterEach(() => closeStage(stage));

const there = () =>
  [...stage.neighbour(region).services.ec2.world.snapshots.values()].filter(({ goneAtMs }) => goneAtMs === undefined);
/** In the ledger, and in its index, which learns of it later. */
async function put(copy: PointCopy): Promise<void> {
  await stage.drive(changePoint('appliance', sealed.id, (point) => ({ ...point, copy })));
  await stage.time.advance(5000);
}
const copied = async () => (await pointsIn(stage, 'appliance')).find(({ id }) => id === sealed.id)?.copy;
const [of, ago] = [() => sealed.artifacts[0]?.id ?? '', (ms: number) => new Date(Date.now() - ms).toISOString()];
const copying = (part: object, begunAt = ago(minuteMs)): PointCopy => ({
  ...{ region, key, state: 'copying', begunAt },
  parts: [{ kind: 'ebs', of: of(), ...part }],
});
const asked = () => stage.calls.of('ec2', 'CopySnapshot').length;
const refuse = (operation: string, effect: FaultEffect, times = 1) =>
  stage.faults.add({ service: 'ec2', operation, times, effect });
const refusal: FaultEffect = { kind: 'refuse', code: 'NotNow', message: 'No.', status: 400 };
const failed = (problem: unknown) => ({ state: 'failed', failure: { problem, at: moment } });
const bodyOf = (words: string) => stage.inbox(failuresAddress).find(({ subject }) => subject.includes(words))?.message;

const waiting = (): PointCopy => ({ ...{ region, key, state: 'waiting' }, parts: [{ kind: 'ebs', of: of() }] });

describe('settle', () => {
  it('asks for a copy once, and says that it is whole once it is', async () => {
    await put(waiting());
    expect(await settle()).toEqual(idle);
    const [copy] = there();
    const part = { kind: 'ebs', of: of(), askedAt: moment, id: copy?.id };
    const begun = { region, key, state: 'copying', begunAt: moment, parts: [part] };
    expect(await copied()).toEqual(begun);
    expect((await copied())?.begunAt).toBe((await copied())?.parts[0]?.askedAt);
    await settle();
    expect(await copied()).toEqual(begun);
    await stage.time.advance(2 * hourMs);
    await settle();
    expect(await copied()).toEqual({
      ...{ ...begun, state: 'whole', wholeAt: moment, parts: [{ ...part, isComplete: true }] },
    });
    expect(asked()).toBe(1);
    expect(logged(stage, 'Settle')).toEqual([]);
  });

  it('begins the newest of those that wait, and passes older ones over, also while a newer one is under way', async () => {
    await put(waiting());
    const earlier = (nights: number): Point => ({
      ...{ ...sealed, id: `appliance-2026011${5 - nights}T030000Z`, copy: waiting() },
      ...{ takenAt: ago(nights * dayMs), sealedAt: ago(nights * dayMs) },
    });
    for (const nights of [1, 2]) await stage.drive(createPoint(earlier(nights)));
    await stage.time.advance(5000);
    await settle();
    const states = async () => (await pointsIn(stage, 'appliance')).map(({ copy }) => copy?.state);
    expect(await states()).toEqual(['copying', 'passed over', 'passed over']);
    expect((await pointsIn(stage, 'appliance'))[1]?.copy).toEqual({ ...waiting(), state: 'passed over' });
    await stage.drive(createPoint(earlier(3)));
    await stage.time.advance(5000);
    await settle();
    expect(await states()).toEqual(['copying', 'passed over', 'passed over', 'passed over']);
    expect(asked()).toBe(1);
  });

  it('looks for five minutes for what was asked for and does not show, then asks again', async () => {
    const fresh = copying({ askedAt: ago(4 * minuteMs) });
    await put(fresh);
    await settle();
    expect(await copied()).toEqual(fresh);
    expect(asked()).toBe(0);
    await stage.time.advance(2 * minuteMs);
    await settle();
    expect(asked()).toBe(1);
    const { begunAt } = fresh;
    expect(await copied()).toEqual(copying({ askedAt: moment, id: there()[0]?.id }, begunAt));
    expect((await copied())?.parts[0]?.askedAt).not.toBe(fresh.parts[0]?.askedAt);
  });

  it('gives up what it has once seen, and does not see for five minutes', async () => {
    const fresh = copying({ askedAt: ago(4 * minuteMs), id: 'snap-0123' });
    await put(fresh);
    await settle();
    expect(await copied()).toEqual(fresh);
    await stage.time.advance(2 * minuteMs);
    await settle();
    expect(await copied()).toEqual({ ...fresh, ...failed(`snap-0123, copy of ${of()}, does not exist any more`) });
    await stage.time.advance(minuteMs);
    expect(toldBy(stage)).toEqual([
      `[Holdfast] appliance: the copy of a point in ${region} FAILED; the point itself is whole`,
    ]);
    expect(bodyOf('FAILED')).toContain(`> snap-0123, copy of ${of()}, does not exist any more`);
  });

  it('gives up after three days, not before', async () => {
    const [before, after] = [3 * dayMs - 2 * minuteMs, 3 * dayMs + minuteMs].map((ms) =>
      copying({ askedAt: ago(0) }, ago(ms)),
    );
    await put(before ?? waiting());
    await settle();
    expect(await copied()).toEqual(before);
    await put(after ?? waiting());
    await settle();
    expect(await copied()).toEqual({ ...after, ...failed('It was not complete three days after it was begun.') });
  });

  it('asks again for what EC2 throttled, looks first for what it may have begun, and fails what it refused', async () => {
    await put(waiting());
    refuse('CopySnapshot', throttled(), 10);
    await settle();
    // Another, newer by then, may be begun in its place.
    expect(await copied()).toEqual(waiting());
    const words = `While copying ${of()} to ${region}:`;
    expect(logged(stage, 'Settle')).toEqual([expect.stringMatching(`^INFO: ${words} RequestLimitExceeded`)]);
    stage.faults.clear();
    await put(waiting());
    refuse('CopySnapshot', { kind: 'refuse', code: 'InternalError', message: 'Oh.', status: 500 }, 10);
    await settle();
    expect(await copied()).toEqual(copying({ askedAt: moment }, (await copied())?.begunAt));
    stage.faults.clear();
    await put(waiting());
    refuse('CopySnapshot', denied('UnauthorizedOperation'));
    await settle();
    expect(await copied()).toEqual({
      ...{ ...copying({ askedAt: moment }, (await copied())?.begunAt) },
      ...failed(expect.stringMatching(`^${words} UnauthorizedOperation: `)),
    });
    expect(there()).toEqual([]);
  });

  it('says that it could not look; that nobody may is the next sweep’s, until it is too late', async () => {
    const fresh = copying({ askedAt: ago(minuteMs), id: 'snap-0123' });
    await put(fresh);
    refuse('DescribeSnapshots', refusal);
    expect(await settle()).toBe('ProviderFault: While finding snapshots: NotNow: No.');
    refuse('DescribeSnapshots', denied('UnauthorizedOperation'));
    expect(await settle()).toEqual(idle);
    expect(await copied()).toEqual(fresh);
    expect(logged(stage, 'Settle').at(-1)).toMatch(/^WARN: While finding snapshots: UnauthorizedOperation: /);
  });

  it('begins nothing of a point that goes, or is broken', async () => {
    for (const changes of [
      { retire: { reason: 'age', plannedAt: ago(0) } },
      { broken: { problem: 'x', at: ago(0) } },
    ]) {
      const { copy: _, retire: __, broken: ___, ...plain } = sealed;
      await stage.drive(changePoint('appliance', sealed.id, () => ({ ...plain, ...changes, copy: waiting() })));
      await settle();
      expect(await copied()).toEqual(waiting());
    }
    expect(asked()).toBe(0);
  });
});

/** Calls it in every hour of a day: each workload is looked at in one of its own. */
async function retireAllDay(): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    answers.push(await retire());
    await stage.time.advance(hourMs);
  }
  return answers;
}

const nothing = { retired: 0, blocked: 0 };
const whole = (id: string): PointCopy => ({
  ...copying({ askedAt: ago(dayMs), id, isComplete: true }, ago(dayMs)),
  ...{ state: 'whole', wholeAt: ago(hourMs) },
});
const useless = (ms: number): PointCopy => ({
  ...copying({ askedAt: ago(dayMs) }, ago(dayMs)),
  ...{ state: 'failed', failure: { problem: 'It failed.', at: ago(ms) } },
});

/** There really is one, which nobody has any use for. */
async function copyThatFailed(): Promise<string> {
  await put(waiting());
  await settle();
  const [{ id } = { id: '' }] = there();
  await stage.time.advance(hourMs);
  await put(useless(11 * minuteMs));
  return id;
}

describe('retire', () => {
  it('has nothing to do for points of before the policy had copies', async () => {
    stopSchedules(stage);
    expect(await retireAllDay()).toEqual(Array(24).fill(nothing));
    expect(await copied()).toBeUndefined();
    expect(stage.calls.of('ec2', 'DeleteSnapshot')).toEqual([]);
  });

  it('finds within a day that a copy has lost a part', async () => {
    stopSchedules(stage);
    const before = whole('snap-0123');
    await put(before);
    expect(await retireAllDay()).toEqual(Array(24).fill(nothing));
    expect(await copied()).toEqual({ ...before, ...failed(`snap-0123, copy of ${of()}, is gone`) });
    expect(toldBy(stage)).toEqual([
      expect.stringMatching(`appliance: the copy of a point in ${region} is not whole any more; the point`),
    ]);
  });

  it('deletes what is there of a copy that never became whole, ten minutes later, and writes down why', async () => {
    await copyThatFailed();
    await put(useless(9 * minuteMs));
    expect(await retire()).toEqual(nothing);
    expect(there()).toHaveLength(1);
    const before = useless(11 * minuteMs);
    await put(before);
    expect(await retire()).toEqual({ retired: 1, blocked: 0 });
    expect(there()).toEqual([]);
    const gone = { reason: 'never whole', plannedAt: moment, doneAt: moment };
    expect(await copied()).toEqual({ ...before, retire: gone });
    expect(logged(stage, 'Retire')).toEqual([
      `INFO: appliance: the copy of ${sealed.id} in ${region} is to be retired: never whole`,
    ]);
    expect(await retire()).toEqual(nothing);
  });

  it('says which it could not delete, once by mail, and tries again', async () => {
    const id = await copyThatFailed();
    const end = refuse('DeleteSnapshot', denied('UnauthorizedOperation'), Number.POSITIVE_INFINITY);
    for (let time = 0; time < 2; time += 1) expect(await retire()).toEqual({ retired: 0, blocked: 1 });
    const refused = `WARN: point/${sealed.id}/copy: While deleting ${id} in ${region}: UnauthorizedOperation: `;
    expect(logged(stage, 'Retire').slice(1)).toEqual(Array(2).fill(expect.stringMatching(`^${refused}`)));
    expect((await copied())?.retire).toEqual({ reason: 'never whole', plannedAt: moment });
    expect(await answerOf(stage, 'Report')).toEqual({ sent: 1 });
    expect(await answerOf(stage, 'Report')).toEqual({ sent: 0 });
    expect(toldBy(stage)).toEqual(['[Holdfast] appliance: an old point cannot be deleted']);
    expect(bodyOf('cannot be deleted')).toContain(id);
    end();
    expect(await retire()).toEqual({ retired: 1, blocked: 0 });
    expect(there()).toEqual([]);
  });

  it('leaves alone what is in a Region that the policy does not name', async () => {
    await put({ ...useless(hourMs), region: 'us-east-1' });
    expect(await retire()).toEqual(nothing);
    await put({ ...useless(hourMs), region: 'us-east-1', retire: { reason: 'age', plannedAt: ago(hourMs) } });
    expect(await retire()).toEqual(nothing);
  });
});
