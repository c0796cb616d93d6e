import { DescribeDomainCommand, DescribeDomainHealthCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

const minuteMs = 60_000;
const one = '/_snapshot/nightly/one';
let region: Region;

beforeEach(async () => {
  region = await createRegion({ startMs: Date.UTC(2026, 0, 15, 3), latencyMs: 0 });
  world().launch({
    name: 'evidence',
    indices: { cases: ['case 1'], people: ['person 1'], '.kibana_1': ['a dashboard'] },
  });
});

afterEach(() => region.close());

const world = () => region.services.opensearch.world;
const domain = () => {
  const found = world().domains.get('evidence');
  if (found === undefined) throw new Error('there is no domain');
  return found;
};

/** As a signed client speaks to the domain's own address. */
async function ask(method: string, path: string, body?: object, key = 'AKIAOPERATOR') {
  const headers = { authorization: `Credential=${key}/20260115/eu-west-1/es/aws4_request` };
  const sent = { method, path, query: {}, headers, host: domain().host, body: Buffer.from(JSON.stringify(body) ?? '') };
  const reply = await region.drive(region.gateway.handle(sent));
  const answer = JSON.parse(Buffer.from(reply.body).toString());
  return Array.isArray(answer) ? { status: reply.status, answer } : { status: reply.status, ...answer };
}

const stateOf = async (path: string) => (await ask('GET', path)).snapshots[0].state;
const refused = (status: number, type: string) => ({ status, error: { type } });

it('tells where a domain is spoken to, how it stands, and whether a primary shard is lost', async () => {
  const client = new OpenSearchClient({ ...clientSettings(region.gateway, 'AKIAOPERATOR'), maxAttempts: 1 });
  const { DomainStatus } = await region.drive(client.send(new DescribeDomainCommand({ DomainName: 'evidence' })));
  expect(DomainStatus).toMatchObject({
    Endpoint: expect.stringMatching(/^search-evidence-\w+\.eu-west-1\.es\.amazonaws\.com$/),
    DomainProcessingStatus: 'Active',
  });
  const health = () => region.drive(client.send(new DescribeDomainHealthCommand({ DomainName: 'evidence' })));
  expect((await health()).ClusterHealth).toBe('Green');
  const cases = domain().indices.get('cases');
  if (cases !== undefined) cases.health = 'red';
  expect((await health()).ClusterHealth).toBe('Red');
  const unknown = client.send(new DescribeDomainCommand({ DomainName: 'other' }));
  await expect(region.drive(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

it('has an address inside its VPC only, if it is in one, and tells its subnets and groups', async () => {
  const vpc = { VPCId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  world().launch({ name: 'hidden', vpc });
  const client = new OpenSearchClient({ ...clientSettings(region.gateway, 'AKIAOPERATOR'), maxAttempts: 1 });
  const { DomainStatus } = await region.drive(client.send(new DescribeDomainCommand({ DomainName: 'hidden' })));
  const host = DomainStatus?.Endpoints?.vpc ?? '';
  expect(host).toMatch(/^vpc-hidden-\w+\.eu-west-1\.es\.amazonaws\.com$/);
  expect(DomainStatus?.Endpoint).toBeUndefined();
  expect(DomainStatus?.VPCOptions).toEqual(vpc);
  expect([world().subnetsOf(host), world().subnetsOf(domain().host)]).toEqual([['subnet-1'], undefined]);
  const asked = fetch(`https://${host}/_alias`, { signal: AbortSignal.timeout(3000) });
  await expect(region.drive(asked)).rejects.toThrow();
});

it('takes a snapshot of the indices that an expression chooses, each at a moment of its own', async () => {
  expect(await ask('PUT', one, { indices: '*,-.kibana*', metadata: { mark: 'ours' } })).toMatchObject({
    accepted: true,
  });
  expect(await ask('GET', '/_snapshot/_status')).toMatchObject({ snapshots: [{ snapshot: 'one', state: 'STARTED' }] });
  expect(await stateOf(one)).toBe('IN_PROGRESS');
  await region.time.advance(7000);
  domain().indices.get('cases')?.documents.push('case 2, too late');
  domain().indices.get('people')?.documents.push('person 2, just in time');
  await region.time.advance(5 * minuteMs);
  const { snapshots } = await ask('GET', one);
  expect(snapshots).toMatchObject([{ state: 'SUCCESS', indices: ['cases', 'people'], metadata: { mark: 'ours' } }]);
  expect(snapshots[0].end_time_in_millis - snapshots[0].start_time_in_millis).toBe(5 * minuteMs);
  expect([...(world().snapshots.get('one')?.indices.values() ?? [])].map(({ documents }) => documents)).toEqual([
    ['case 1'],
    ['person 1', 'person 2, just in time'],
  ]);
  expect(await ask('GET', '/_snapshot/_status')).toMatchObject({ snapshots: [] });
});

it('makes one at a time, under a lower-case name that is free, with few metadata', async () => {
  await ask('PUT', one);
  expect(await ask('PUT', one)).toMatchObject(refused(400, 'invalid_snapshot_name_exception'));
  expect(await ask('PUT', '/_snapshot/nightly/two')).toMatchObject(
    refused(503, 'concurrent_snapshot_execution_exception'),
  );
  await region.time.advance(5 * minuteMs);
  expect(await ask('PUT', one)).toMatchObject(refused(400, 'invalid_snapshot_name_exception'));
  expect(await ask('PUT', '/_snapshot/nightly/Two')).toMatchObject(refused(400, 'invalid_snapshot_name_exception'));
  const metadata = { long: 'x'.repeat(1024) };
  expect(await ask('PUT', '/_snapshot/nightly/two', { metadata })).toMatchObject(
    refused(400, 'action_request_validation_exception'),
  );
  expect(await ask('PUT', '/_snapshot/nightly/two')).toMatchObject({ accepted: true });
});

it.each(['PARTIAL', 'FAILED'] as const)('can end %s, with the shards’ reasons', async (end) => {
  region.services.opensearch.arrange.nextSnapshotEndsAs(end);
  await ask('PUT', one);
  await region.time.advance(5 * minuteMs);
  const { snapshots } = await ask('GET', one);
  expect(snapshots).toMatchObject([{ state: end, failures: [{ index: 'cases', shard_id: 0 }] }]);
});

it('knows the repositories that are registered, and the snapshots in each', async () => {
  const { status, ...known } = await ask('GET', '/_snapshot');
  expect([status, Object.keys(known)]).toEqual([200, ['cs-automated-enc', 'nightly']]);
  expect(await ask('GET', one)).toMatchObject(refused(404, 'snapshot_missing_exception'));
  expect(await ask('PUT', '/_snapshot/weekly/one')).toMatchObject(refused(404, 'repository_missing_exception'));
});

it('deletes a snapshot, also one that is being made', async () => {
  await ask('PUT', one);
  expect(await ask('DELETE', one)).toMatchObject({ acknowledged: true });
  await region.time.advance(5 * minuteMs);
  expect(await ask('GET', one)).toMatchObject(refused(404, 'snapshot_missing_exception'));
  expect(await ask('DELETE', one)).toMatchObject(refused(404, 'snapshot_missing_exception'));
});

it('restores indices under new names, red at first, and not over others', async () => {
  domain().indices.get('cases')?.aliases.add('all');
  await ask('PUT', one);
  const restore = (body: object) => ask('POST', `${one}/_restore`, body);
  const rename = { indices: 'cases', rename_pattern: '(.+)', rename_replacement: '$1-new', include_aliases: false };
  expect(await restore(rename)).toMatchObject(refused(500, 'snapshot_restore_exception'));
  await region.time.advance(5 * minuteMs);
  domain().indices.get('cases')?.documents.push('case 2');
  expect(await restore({ indices: 'cases' })).toMatchObject(refused(500, 'snapshot_restore_exception'));
  expect(await restore(rename)).toMatchObject({ accepted: true });
  const shown = async () => (await ask('GET', '/_cat/indices/%2A-new')).answer[0];
  expect(await shown()).toMatchObject({ index: 'cases-new', health: 'red' });
  await region.time.advance(3 * minuteMs);
  expect(await shown()).toMatchObject({ index: 'cases-new', health: 'green', 'docs.count': '1' });
  expect((await ask('GET', '/_alias'))['cases-new']).toEqual({ aliases: {} });
  domain().settings.ClusterConfig = { MultiAZWithStandbyEnabled: true };
  expect(await restore({ ...rename, rename_replacement: '$1-standby' })).toMatchObject(
    refused(500, 'snapshot_restore_exception'),
  );
});

it('changes all aliases that are asked for, or none', async () => {
  const add = { add: { index: 'cases', alias: 'all' } };
  const change = (...actions: readonly object[]) => ask('POST', '/_aliases', { actions });
  const aliases = async () => (await ask('GET', '/_alias')).cases.aliases;
  expect(await change(add, { remove: { index: 'people', alias: 'all' } })).toMatchObject(
    refused(404, 'aliases_not_found_exception'),
  );
  expect(await change(add, { add: { index: 'cases', alias: 'people' } })).toMatchObject(
    refused(400, 'invalid_alias_name_exception'),
  );
  expect(await change(add, { add: { index: 'lost', alias: 'lost' } })).toMatchObject(
    refused(404, 'index_not_found_exception'),
  );
  expect(await aliases()).toEqual({});
  expect(await change(add)).toMatchObject({ acknowledged: true });
  expect(await aliases()).toEqual({ all: {} });
  expect(await change({ remove: { index: 'cases', alias: 'all' } })).toMatchObject({ acknowledged: true });
  expect(await aliases()).toEqual({});
});

it('makes automated snapshots in a repository of its own, and no other meanwhile', async () => {
  region.services.opensearch.arrange.automatedSnapshotBegins('evidence');
  expect(await ask('GET', '/_snapshot/_status')).toMatchObject({ snapshots: [{ repository: 'cs-automated-enc' }] });
  expect(await ask('PUT', one)).toMatchObject(refused(503, 'concurrent_snapshot_execution_exception'));
});

it('lists the snapshots of one repository in a few words each, all of them text', async () => {
  const startMs = region.clock.nowMs();
  region.services.opensearch.arrange.automatedSnapshotBegins('evidence');
  await region.time.advance(60 * 60_000);
  const listed = async (repository: string) => (await ask('GET', `/_cat/snapshots/${repository}`)).answer;
  expect(await listed('nightly')).toEqual([]);
  const [kept, ...more] = await listed('cs-automated-enc');
  expect(more).toEqual([]);
  expect(kept).toMatchObject({ status: 'SUCCESS', start_epoch: String(Math.floor(startMs / 1000)) });
  expect(Number(kept.end_epoch)).toBeGreaterThan(startMs / 1000);
  expect(await ask('GET', '/_cat/snapshots/other')).toMatchObject(refused(404, 'repository_missing_exception'));
});

it('lets a role do what it may do by method and path, and refuses the rest before OpenSearch hears of it', async () => {
  const resource = `arn:aws:es:eu-west-1:${region.account}:domain/evidence/_snapshot/*/holdfast-*`;
  const statement = { Effect: 'Allow', Action: ['es:ESHttpPut'], Resource: resource };
  region.identities.register('ASIAROLE', {
    caller: { kind: 'role', arn: 'arn:aws:iam::111122223333:role/tiers', name: 'role:tiers' },
    policies: [parsePolicy('tiers', { Statement: [statement] })],
  });
  const ours = '/_snapshot/nightly/holdfast-1';
  expect(await ask('PUT', ours, {}, 'ASIAROLE')).toMatchObject({ accepted: true });
  for (const [method, path] of [
    ['PUT', one],
    ['GET', ours],
    ['DELETE', ours],
  ] as const) {
    expect(await ask(method, path, undefined, 'ASIAROLE')).toMatchObject({
      status: 403,
      Message: expect.stringContaining(`not authorized to perform: es:ESHttp${method[0]}`),
    });
  }
});
