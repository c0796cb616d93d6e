/** Databases that applications find by a CNAME record: the record is led to the new one, and nothing is renamed. */
import { afterEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { nightly } from './scenario/policy.ts';
import { begin, end, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, type Stage, until } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const cname = { zone: 'Z0INTERNAL', name: 'orders.internal.example.com', ttlSeconds: 30 };
const key = `${cname.name}. CNAME`;
const rds = () => stage.services.rds;
const zone = () => stage.services.route53.zones.get(cname.zone);
const value = () => zone()?.get(key)?.ResourceRecords?.[0]?.Value;
const say = (Value: string) =>
  zone()?.set(key, { Name: `${cname.name}.`, Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value }] });

const databases = [
  {
    kind: 'rds',
    launch: () => rds().world.launch({ name: 'orders', tags: { team: 'orders' } }),
    all: () => rds().world.instances,
    host: (name: string) => `${name}.c0ffee.eu-west-1.rds.amazonaws.com`,
    look: 'DescribeDBInstances',
  },
  {
    kind: 'aurora',
    launch: () => rds().world.launchCluster({ name: 'orders', tags: { team: 'orders' } }),
    all: () => rds().world.clusters,
    host: (name: string) => `${name}.cluster-c0ffee.eu-west-1.rds.amazonaws.com`,
    look: 'DescribeDBClusters',
  },
] as const;

describe.each(databases)('of kind $kind', ({ kind, launch, all, host, look }) => {
  const present = () => all().get('orders');
  const made = () => [...all().values()].find(({ name }) => name.startsWith('orders-new-'));
  const portrait = () => {
    const { status, resourceId, settings, rows, tags } = present() ?? {};
    return { status, resourceId, settings, rows: [...(rows ?? [])], tags: Object.fromEntries(tags ?? []) };
  };
  async function open(): Promise<void> {
    const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
    const members = [{ kind, resource: 'orders', cname } as const];
    stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
    stage.services.route53.zones.set(cname.zone, new Map());
    say(host('orders'));
    launch();
    present()?.rows.push('order 1');
    await stage.time.advance(4 * hourMs);
    present()?.rows.push('order 2, a mistake');
  }

  it('is found by the record, with the data of then, once all servers of Route 53 know it; the replaced one keeps its name', async () => {
    await open();
    const before = portrait();
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
    const recovery = await recovered(stage, 'orders');
    expect(recovery).toMatchObject({ state: 'committed' });
    expect(value()).toBe(host(made()?.name ?? ''));
    expect(zone()?.get(key)?.TTL).toBe(30);
    expect([...(made()?.rows ?? [])]).toEqual(['order 1']);
    expect(Object.fromEntries(made()?.tags ?? [])).toMatchObject({ team: 'orders', 'holdfast:role': 'restored' });
    expect([...all().keys()].filter((name) => name.includes('-old-'))).toEqual([]);
    expect(portrait()).toMatchObject({ ...before, tags: { 'holdfast:role': 'replaced' } });
    const { keeps } = recovery?.plan?.targets[0] ?? {};
    expect(keeps).toContain(`${cname.name} says so. The policy still names orders: name the new one there`);
    expect(keeps).toContain(`The ${kind} orders of before is kept as orders`);
  });

  it('is told to have the passwords of then, before anything is made', async () => {
    await open();
    await recover(stage, { workload: 'orders' });
    expect((await recovered(stage, 'orders'))?.plan?.warnings).toContainEqual(
      expect.stringContaining(`${kind} orders: its users have the passwords of then`),
    );
  });

  it('is found where it was before when something fails after the hand-over, and nothing is deleted', async () => {
    await open();
    const before = portrait();
    await begin(stage, { workload: 'orders' });
    await until(stage, 'handed over', () => value() !== host('orders'), 2 * hourMs);
    stage.faults.add({ service: 'rds', operation: look, effect: denied() });
    await end(stage);
    expect(await recovered(stage, 'orders')).toMatchObject({ state: 'rolled-back' });
    expect(value()).toBe(host('orders'));
    expect(portrait()).toEqual(before);
    expect(made()?.status).toBe('available');
  });

  it('tells where the record leads, and the command that leads it back, when even the way back fails', async () => {
    await open();
    await begin(stage, { workload: 'orders' });
    await until(stage, 'handed over', () => value() !== host('orders'), 2 * hourMs);
    const times = Number.POSITIVE_INFINITY;
    stage.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', times, effect: denied() });
    stage.faults.add({ service: 'rds', operation: look, effect: denied() });
    await end(stage);
    const [mail] = stage.inbox('ops@example.com').filter(({ message }) => message.includes('aws route53'));
    expect(mail?.message).toContain(`"ResourceRecords":[{"Value":"${host('orders')}"}]`);
    expect(mail?.message).not.toContain('--new-db-');
  });

  it('is refused, before anything is made, where there is no such record', async () => {
    await open();
    zone()?.clear();
    expect(failureOf(await recover(stage, { workload: 'orders' }))).toContain(
      `The plain CNAME record ${cname.name} in zone ${cname.zone} does not exist`,
    );
    expect(made()).toBeUndefined();
  });
});

it('tells of an Aurora cluster that whoever reads elsewhere than at its own endpoint must be led there', async () => {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  const members = [
    { kind: 'aurora', resource: 'orders', cname } as const,
    { kind: 'aurora', resource: 'carts' } as const,
  ];
  stage = await openStage({ policy: nightly({ orders: { schedule, members, objectives: { rto: '1h' } } }) });
  stage.services.route53.zones.set(cname.zone, new Map());
  say('orders.example');
  for (const name of ['orders', 'carts']) rds().world.launchCluster({ name });
  await stage.time.advance(4 * hourMs);
  expect(failureOf(await recover(stage, { workload: 'orders' }))).toBe(': ');
  const warnings = (await recovered(stage, 'orders'))?.plan?.warnings ?? [];
  const [told, ...others] = warnings.filter((warning) => warning.includes('its reader endpoint'));
  expect(told).toMatch(/^aurora orders: its reader endpoint orders\.cluster-ro-\S+ stays .* that of orders-new-\w+\.$/);
  expect(others).toEqual([]);
});
