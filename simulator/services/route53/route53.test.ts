import {
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parsePolicy } from '../../iam/policy.ts';
import { createRegion, type Region } from '../../region.ts';
import { clientSettings } from '../../wire/client-settings.ts';

const HostedZoneId = 'Z0INTERNAL';
const name = 'cache.internal.example.com';
let region: Region;
let client: Route53Client;

beforeEach(async () => {
  region = await createRegion({ latencyMs: 0 });
  client = clientOf('AKIAOPERATOR');
  region.services.route53.zones.set(HostedZoneId, new Map());
});

afterEach(() => region.close());

const clientOf = (accessKeyId: string) =>
  new Route53Client({ ...clientSettings(region.gateway, accessKeyId), region: 'us-east-1', maxAttempts: 1 });
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: Error) => error.name,
  );

function change(Value: string, { by = client, Name = name, Type = 'CNAME' as RRType, zone = HostedZoneId } = {}) {
  const Action: ChangeAction = 'UPSERT';
  const ResourceRecordSet = { Name, Type, TTL: 60, ResourceRecords: [{ Value }] };
  const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
  return region.drive(by.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch })));
}

const list = (StartRecordName: string) =>
  region.drive(
    client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId, StartRecordName, StartRecordType: 'CNAME', MaxItems: 1 }),
    ),
  );

it('shows a changed record at once, and says later that all its servers have it', async () => {
  const { ChangeInfo } = await change('orders.example');
  const [record] = (await list(name)).ResourceRecordSets ?? [];
  expect(record).toMatchObject({
    Name: `${name}.`,
    Type: 'CNAME',
    TTL: 60,
    ResourceRecords: [{ Value: 'orders.example' }],
  });
  const Id = ChangeInfo?.Id ?? '';
  const status = async () => (await region.drive(client.send(new GetChangeCommand({ Id })))).ChangeInfo?.Status;
  expect([ChangeInfo?.Status, await status()]).toEqual(['PENDING', 'PENDING']);
  await region.time.advance(60_000);
  expect(await status()).toBe('INSYNC');
});

it('lists from a name on, whether that is there or not', async () => {
  await change('orders.example');
  expect((await list('a.internal.example.com')).ResourceRecordSets?.[0]?.Name).toBe(`${name}.`);
  expect((await list('d.internal.example.com')).ResourceRecordSets).toEqual([]);
});

it('refuses zones that are not there, and a CNAME beside another record of its name', async () => {
  expect(await errorOf(change('orders.example', { zone: 'Z0NONE' }))).toBe('NoSuchHostedZone');
  await change('10.0.0.1', { Type: 'A' });
  expect(await errorOf(change('orders.example'))).toBe('InvalidChangeBatch');
});

it('allows changes by name, type and action', async () => {
  const Statement = [
    {
      Effect: 'Allow',
      Action: 'route53:ChangeResourceRecordSets',
      Resource: `arn:aws:route53:::hostedzone/${HostedZoneId}`,
      Condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [name],
          'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
          'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
        },
      },
    },
  ];
  const caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/one', name: 'one' } as const;
  region.identities.register('AKIAONE', { caller, policies: [parsePolicy('inline', { Statement })] });
  const by = clientOf('AKIAONE');
  expect(await errorOf(change('orders.example', { by }))).toBe('none');
  expect(await errorOf(change('orders.example', { by, Name: 'www.example.com' }))).toBe('AccessDenied');
  expect(await errorOf(change('10.0.0.1', { by, Type: 'A' }))).toBe('AccessDenied');
});
