import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  GetTagValuesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

let region: Region;

beforeEach(async () => {
  region = await createRegion({ latencyMs: 0 });
  const { efs, rds } = region.services;
  efs.world.create({ id: 'fs-0a', tags: { cluster: 'hpc-1', backup: 'daily' } });
  efs.world.create({ id: 'fs-0b', tags: { cluster: 'hpc-2' } });
  efs.world.create({ id: 'fs-0c' });
  rds.world.launch({ name: 'queue', tags: { cluster: 'hpc-1' } });
});

afterEach(() => region.close());

const client = () => new ResourceGroupsTaggingAPIClient(clientSettings(region.gateway, 'AKIAOPERATOR'));
const found = (input: GetResourcesCommandInput) => region.drive(client().send(new GetResourcesCommand(input)));

const names = (reply: Awaited<ReturnType<typeof found>>) =>
  (reply.ResourceTagMappingList ?? []).map(({ ResourceARN = '' }) => ResourceARN.split(/[:/]/).at(-1));

it('finds what carries all the keys, with any of a key’s values', async () => {
  const Values = ['hpc-1', 'hpc-2'];
  expect(names(await found({ TagFilters: [{ Key: 'cluster', Values }] }))).toEqual(['fs-0a', 'fs-0b', 'queue']);
  expect(names(await found({ TagFilters: [{ Key: 'cluster', Values }, { Key: 'backup' }] }))).toEqual(['fs-0a']);
});

it('finds of some types, page after page', async () => {
  const of = { ResourceTypeFilters: ['elasticfilesystem:file-system'], ResourcesPerPage: 1 };
  const first = await found(of);
  expect(names(first)).toEqual(['fs-0a']);
  const { PaginationToken, ...second } = await found({ ...of, PaginationToken: first.PaginationToken });
  expect([names({ ...second }), PaginationToken]).toEqual([['fs-0b'], '']);
});

it('refuses more than 20 values of a key', async () => {
  const Values = Array.from({ length: 21 }, (_, index) => `hpc-${index}`);
  await expect(found({ TagFilters: [{ Key: 'cluster', Values }] })).rejects.toThrow('More than 20 values');
});

it('tells the values of a key, each once, page after page', async () => {
  const valuesOf = (Key: string, PaginationToken?: string) =>
    region.drive(client().send(new GetTagValuesCommand({ Key, PaginationToken })));
  expect(await valuesOf('cluster')).toMatchObject({ TagValues: ['hpc-1', 'hpc-2'], PaginationToken: '' });
  for (let index = 0; index < 51; index += 1) {
    region.services.efs.world.create({ id: `fs-1${index}`, tags: { many: `value-${index}` } });
  }
  const { TagValues, PaginationToken } = await valuesOf('many');
  expect(TagValues).toHaveLength(50);
  expect(await valuesOf('many', PaginationToken)).toMatchObject({ TagValues: ['value-9'], PaginationToken: '' });
});
