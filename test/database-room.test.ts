/** Recoveries of databases, which RDS makes beside those that are there: only as many as an account may have. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { nightly } from './scenario/policy.ts';
import { failureOf, recover } from './scenario/recovering.ts';
import { closeStage, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const workload = 'orders';
type Member = PolicyInput['workloads'][string]['members'][number];

/** A night has passed, of an instance, and of a cluster of two. */
async function open(...members: Member[]): Promise<void> {
  const schedule = { cron: '0 3 * * ? *', timeZone: 'UTC' };
  stage = await openStage({ policy: nightly({ [workload]: { schedule, members } }) });
  const { world } = stage.services.rds;
  if (members.includes(rds)) world.launch({ name: 'orders' });
  if (members.includes(aurora)) world.launchCluster({ name: 'cases' });
  await stage.time.advance(3 * hourMs);
  expect(await pointsIn(stage, workload)).toHaveLength(1);
}

const rds: Member = { kind: 'rds', resource: 'orders' };
const aurora: Member = { kind: 'aurora', resource: 'cases' };
const made = () =>
  stage.calls
    .all()
    .flatMap(({ call: { operation } }) => (/^(RestoreDB|CreateDBInstance)/.test(operation) ? operation : []));

describe('where an account has no room for what is made', () => {
  it.each<[string, Member, number, number, string]>([
    [
      'rds',
      rds,
      39,
      0,
      'rds: this account has 40 of 40 DB instances in this Region, and the recovery makes 1 beside them',
    ],
    [
      'aurora, its instances',
      aurora,
      37,
      0,
      'aurora: this account has 39 of 40 DB instances in this Region, and the recovery makes 2 beside them',
    ],
    [
      'aurora',
      aurora,
      0,
      39,
      'aurora: this account has 40 of 40 DB clusters in this Region, and the recovery makes 1 beside them',
    ],
  ])('a recovery is refused before anything is made: %s', async (_, member, instances, clusters, told) => {
    await open(member);
    stage.services.rds.arrange.instancesOfOthers(instances);
    stage.services.rds.arrange.clustersOfOthers(clusters);
    expect(failureOf(await recover(stage, { workload }))).toContain(told);
    expect(made()).toEqual([]);
  });

  it('what a set makes of both kinds has to have room together', async () => {
    await open(rds, aurora);
    stage.services.rds.arrange.instancesOfOthers(35);
    expect(failureOf(await recover(stage, { workload }))).toContain(
      'this account has 38 of 40 DB instances in this Region, and the recovery makes 3 beside them',
    );
    expect(made()).toEqual([]);
  });

  it('a recovery is refused whose instances have more storage than there may be', async () => {
    await open(rds);
    stage.services.rds.arrange.storageOfOthers(99_801);
    const refused = failureOf(await recover(stage, { workload }));
    expect(refused).toContain(
      'rds: this account has 99901 of 100000 GiB of storage of DB instances in this Region, and the recovery makes 100 beside them',
    );
    expect(refused).toContain('have the quota “Total storage for all DB instances” raised');
    expect(made()).toEqual([]);
  });
});

describe('where there is just room enough', () => {
  it.each<[string, Member, number, number]>([
    ['rds', rds, 38, 40],
    ['aurora', aurora, 36, 38],
  ])('it comes back: %s', async (_, member, instances, clusters) => {
    await open(member);
    stage.services.rds.arrange.instancesOfOthers(instances);
    stage.services.rds.arrange.clustersOfOthers(clusters);
    expect(failureOf(await recover(stage, { workload }))).toBe(': ');
  });

  it('they come back together, with their storage', async () => {
    await open(rds, aurora);
    stage.services.rds.arrange.instancesOfOthers(34);
    stage.services.rds.arrange.storageOfOthers(99_800);
    expect(failureOf(await recover(stage, { workload }))).toBe(': ');
  });
});
