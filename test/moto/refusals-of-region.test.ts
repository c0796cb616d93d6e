import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRegion, type Region } from '#simulator/region.ts';
import { makeTable } from './make.ts';
import { made, makeSnapshots, refusals } from './refusals.ts';

let region: Region;

beforeAll(async () => {
  Object.assign(process.env, { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' });
  region = await createRegion();
  const { rds, elasticache, memorydb } = region.services;
  rds.world.launch({ name: made.resource });
  rds.world.launchCluster({ name: made.resource });
  elasticache.world.launchCluster({ name: made.resource });
  memorydb.world.launch({ name: made.resource });
  await region.drive(makeTable(made.resource));
  await region.drive(makeSnapshots());
  await region.time.advance(3_600_000);
});

afterAll(() => {
  expect(region.complaints()).toEqual([]);
  region.close();
});

it.each(refusals)('the region refuses $what', async ({ ask, error }) => {
  await expect(region.drive(ask())).rejects.toMatchObject({ name: error });
});
