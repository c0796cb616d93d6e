/** Databases whose renaming shows a minute after RDS has accepted it: until then they are available under their old names. */
import { afterEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { nightly } from './scenario/policy.ts';
import { begin, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, hourMs, minuteMs, openStage, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const rds = () => stage.services.rds;

const databases = [
  {
    kind: 'rds',
    launch: () => rds().world.launch({ name: 'orders' }),
    all: () => rds().world.instances,
    look: 'DescribeDBInstances',
    change: 'ModifyDBInstance',
    newName: 'NewDBInstanceIdentifier',
  },
  {
    kind: 'aurora',
    launch: () => rds().world.launchCluster({ name: 'orders' }),
    all: () => rds().world.clusters,
    look: 'DescribeDBClusters',
    change: 'ModifyDBCluster',
    newName: 'NewDBClusterIdentifier',
  },
] as const;

describe.each(databases)('of kind $kind', ({ kind, launch, all, look, change, newName }) => {
  const present = () => all().get('orders');
  const portrait = () => {
    const { status, pendingName, resourceId, rows, tags } = present() ?? {};
    return { status, pendingName, resourceId, rows: [...(rows ?? [])], tags: Object.fromEntries(tags ?? []) };
  };
  /** What was asked for, also in vain: the name that was to be given. */
  const renames = () =>
    stage.calls
      .of('rds', change)
      .map(({ input }) => String(Reflect.get(Object(input), newName) ?? ''))
      .filter((name) => name !== '')
      .map((name) => name.replace(/-[0-9a-f]{6}$/, ''));
  const isComing = (name: RegExp) => [...all().values()].some(({ pendingName = '' }) => name.test(pendingName));

  async function open(): Promise<void> {
    const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
    const members = [{ kind, resource: 'orders' } as const];
    stage = await openStage({
      rds: { renameLagMs: minuteMs },
      policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }),
    });
    launch();
    present()?.rows.push('order 1');
    await stage.time.advance(4 * hourMs);
    present()?.rows.push('order 2, a mistake');
  }

  it('is recovered, and each renaming asked for once', async () => {
    await open();
    const before = portrait();
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
    expect(await recovered(stage, 'orders')).toMatchObject({ state: 'committed' });
    expect(portrait()).toMatchObject({ status: 'available', pendingName: undefined, rows: ['order 1'] });
    const kept = [...all().values()].find(({ resourceId }) => resourceId === before.resourceId);
    expect(kept?.name).toContain('orders-old-');
    expect(renames()).toEqual(['orders-old', 'orders']);
  });

  it.each([
    ['the present one is about to make way', /^orders-old-/, ['orders-old', 'orders']],
    ['the new one is about to have the name', /^orders$/, ['orders-old', 'orders', 'orders-new', 'orders']],
  ])('is as it was before when something fails while %s', async (_, name, asked) => {
    await open();
    const before = portrait();
    await begin(stage, { workload: 'orders' });
    await until(stage, `${name} is on its way`, () => isComing(name), hourMs);
    stage.faults.add({ service: 'rds', operation: look, effect: denied() });
    await end(stage);
    expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
    expect(portrait()).toEqual(before);
    expect(renames()).toEqual(asked);
  });

  it('is as it was before when it cannot be verified', async () => {
    await open();
    const before = portrait();
    await begin(stage, { workload: 'orders' });
    const isSwapped = () => present()?.resourceId !== before.resourceId && present()?.status === 'available';
    await until(stage, 'the names have swapped', () => present() !== undefined && isSwapped(), hourMs);
    stage.faults.add({ service: 'rds', operation: look, effect: denied() });
    await end(stage);
    expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
    expect(portrait()).toEqual(before);
    expect(renames()).toEqual(['orders-old', 'orders', 'orders-new', 'orders']);
  });

  it.each([
    ['the present one is about to make way', /^orders-old-/, /^aws rds .* orders-old-\w+ --new-\S+ orders /],
    ['the new one is about to have the name', /^orders$/, /^aws rds .* orders --new-\S+ orders-new-\w+ /],
  ])('tells the way back that there will be when it cannot be asked for while %s', async (_, name, first) => {
    await open();
    await begin(stage, { workload: 'orders' });
    await until(stage, `${name} is on its way`, () => isComing(name), hourMs);
    // Of the phase, and of the way back.
    stage.faults.add({ service: 'rds', operation: look, times: 6, effect: denied() });
    await until(stage, 'it is stranded', () => stage.inbox(failuresAddress).length > 0, hourMs);
    const { leftovers = [], state } = (await recovered(stage, 'orders')) ?? {};
    expect(state).toBe('stranded');
    expect(leftovers.join('\n')).toContain('about to be called orders');
    expect(leftovers.join('\n')).toContain('once they have the names that they are about to have, run these');
    expect(leftovers.find((line) => line.startsWith('aws rds'))).toMatch(first);
  });
});
