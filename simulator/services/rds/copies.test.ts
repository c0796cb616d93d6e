import {
  CopyDBClusterSnapshotCommand,
  CopyDBSnapshotCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
  DescribeOptionGroupsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../gateway.ts';
import { createIdentities } from '../../iam/identity.ts';
import { createKernel } from '../../kernel/create-kernel.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createRds, type RdsService } from './rds.ts';

const region = 'eu-central-1';
const key = `arn:aws:kms:${region}:111122223333:key/k1`;
const sourceKey = 'arn:aws:kms:eu-west-1:111122223333:key/orders';
const arnOf = (type: string, name = 'one') => `arn:aws:rds:eu-west-1:111122223333:${type}:${name}`;
let time: VirtualTime;
let home: RdsService;
let there: RdsService;
let client: RDSClient;
let keyState: string;

beforeEach(async () => {
  keyState = 'Enabled';
  time = installVirtualTime({ startMs: Date.parse('2026-03-01T02:00:00Z') });
  const kernel = createKernel({ seed: 1, account: '111122223333' });
  const identities = createIdentities(kernel.account);
  home = createRds(kernel);
  const elsewhere = (name: string) => (name === kernel.regionName ? home.world : undefined);
  there = createRds({ ...kernel, regionName: region }, { elsewhere, keyState: () => keyState });
  const settingsFor = (regionName: string, rds: RdsService) => {
    const gateway = createGateway({ ...kernel, regionName }, [rds], identities, { latencyMs: 0 });
    return { ...clientSettings(gateway), region: regionName };
  };
  client = new RDSClient(settingsFor(region, there));
  home.world.launch({ name: 'orders' });
  home.world.instance('orders').rows.push('before');
  home.world.launchCluster({ name: 'orders', settings: { KmsKeyId: sourceKey } });
  const taking = new RDSClient(settingsFor(kernel.regionName, home));
  const Tags = [{ Key: 'team', Value: 'orders' }];
  const one = { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'one', Tags };
  await time.drive(taking.send(new CreateDBSnapshotCommand(one)));
  const two = { DBClusterIdentifier: 'orders', DBClusterSnapshotIdentifier: 'one', Tags };
  await time.drive(taking.send(new CreateDBClusterSnapshotCommand(two)));
  await time.advance(3_600_000);
});

afterEach(() => time.uninstall());

/** Both, in the words that they have in common. */
const ofInstance = {
  kind: 'an instance’s snapshot',
  notFound: 'DBSnapshotNotFoundFault',
  copy: (name: string, changes: object = {}) =>
    client.send(
      new CopyDBSnapshotCommand({
        ...{ SourceDBSnapshotIdentifier: arnOf('snapshot'), TargetDBSnapshotIdentifier: name, KmsKeyId: key },
        ...changes,
      }),
    ),
  seen: async (name: string) => {
    const found = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }));
    const { Status, SourceDBSnapshotIdentifier: source, KmsKeyId, TagList } = found.DBSnapshots?.[0] ?? {};
    return { Status, source, KmsKeyId, TagList };
  },
  remove: (DBSnapshotIdentifier: string) => client.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier })),
  source: arnOf('snapshot'),
  forget: () => home.arrange.snapshotDeleted('one'),
};

const ofCluster = {
  kind: 'a cluster’s snapshot',
  notFound: 'DBClusterSnapshotNotFoundFault',
  copy: (name: string, changes: object = {}) =>
    client.send(
      new CopyDBClusterSnapshotCommand({
        SourceDBClusterSnapshotIdentifier: arnOf('cluster-snapshot'),
        ...{ TargetDBClusterSnapshotIdentifier: name, KmsKeyId: key },
        ...changes,
      }),
    ),
  seen: async (name: string) => {
    const found = await client.send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name }));
    const { Status, SourceDBClusterSnapshotArn: source, KmsKeyId, TagList } = found.DBClusterSnapshots?.[0] ?? {};
    return { Status, source, KmsKeyId, TagList };
  },
  remove: (DBClusterSnapshotIdentifier: string) =>
    client.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier })),
  source: arnOf('cluster-snapshot'),
  forget: () => home.arrange.clusterSnapshotDeleted('one'),
};

const kinds = [ofInstance, ofCluster];

const refusal = (promise: Promise<unknown>): Promise<string> =>
  time.drive(
    promise.then(
      () => 'none',
      (error: Error) => `${error.name}: ${error.message}`,
    ),
  );

describe.each(kinds)('a copy of $kind of another Region', ({ copy, seen, remove, source, forget, notFound }) => {
  it('is copying at first, then available, under its key, without tags but those given, and says what it is of', async () => {
    await time.drive(copy('copy', { Tags: [{ Key: 'holdfast:copy', Value: 'incomplete' }] }));
    const TagList = [{ Key: 'holdfast:copy', Value: 'incomplete' }];
    expect(await time.drive(seen('copy'))).toEqual({ Status: 'copying', source, KmsKeyId: key, TagList });
    await time.advance(3_600_000);
    expect(await time.drive(seen('copy'))).toMatchObject({ Status: 'available' });
  });

  it('is one a name', async () => {
    await time.drive(copy('copy'));
    expect(await refusal(copy('copy'))).toMatch(/AlreadyExistsFault/);
  });

  it('is asked for with the source’s ARN, and a key of the Region that can be used', async () => {
    expect(await refusal(copy('copy', { KmsKeyId: undefined }))).toMatch(
      /^InvalidParameterValue: Must specify new KMS/,
    );
    keyState = 'Disabled';
    expect(await refusal(copy('copy'))).toMatch(/^KMSKeyNotAccessibleFault: /);
    keyState = 'Enabled';
    forget();
    expect(await refusal(copy('copy'))).toMatch(notFound);
  });

  it('fails when its key, or its source, is gone before it is complete', async () => {
    await time.drive(copy('one'));
    keyState = 'Disabled';
    await time.advance(3_600_000);
    expect(await time.drive(seen('one'))).toMatchObject({ Status: 'failed' });
    keyState = 'Enabled';
    await time.drive(copy('two'));
    forget();
    await time.advance(3_600_000);
    expect(await time.drive(seen('two'))).toMatchObject({ Status: 'failed' });
  });

  it('is given up when it is deleted meanwhile', async () => {
    await time.drive(copy('copy'));
    expect(await refusal(remove('copy'))).toBe('none');
    await time.advance(3_600_000);
    expect(await refusal(seen('copy'))).toMatch(notFound);
  });
});

it('a Region takes twenty copies at a time, of instances and of clusters together, and is full by the quota, in the same code', async () => {
  for (let count = 0; count < 10; count += 1) for (const { copy } of kinds) await time.drive(copy(`copy-${count}`));
  for (const { copy } of kinds)
    expect(await refusal(copy('more'))).toMatch(
      /^SnapshotQuotaExceededFault: Cannot copy more than 20 .* across regions/,
    );
  await time.advance(3_600_000);
  there.arrange.snapshotsOfOthers(90);
  for (const { copy } of kinds)
    expect(await refusal(copy('more'))).toMatch(/^SnapshotQuotaExceededFault: Cannot create more than 100/);
});

it('a cluster’s snapshot that is not encrypted is copied without a key only; an instance’s is encrypted with it', async () => {
  const source = home.world.clusterSnapshots.get('one');
  if (source !== undefined) Object.assign(source, { keyArn: undefined });
  expect(await refusal(ofCluster.copy('copy'))).toMatch(/^InvalidParameterCombination: /);
  expect(await refusal(ofCluster.copy('copy', { KmsKeyId: undefined }))).toBe('none');
  const snapshot = home.world.snapshots.get('one');
  if (snapshot !== undefined) Object.assign(snapshot.settings, { KmsKeyId: undefined });
  await time.drive(ofInstance.copy('copy'));
  expect(await time.drive(ofInstance.seen('copy'))).toMatchObject({ KmsKeyId: key });
});

it('a copy keeps the times of its source, but for that at which it was made, and its rows; not its option group', async () => {
  await time.drive(ofInstance.copy('copy'));
  await time.advance(3_600_000);
  const [copy, source] = [there.world.snapshots.get('copy'), home.world.snapshots.get('one')];
  expect(copy).toMatchObject({ cutAtMs: source?.cutAtMs, rows: ['before'] });
  const found = await time.drive(client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'copy' })));
  const { SnapshotCreateTime, OriginalSnapshotCreateTime, SnapshotDatabaseTime } = found.DBSnapshots?.[0] ?? {};
  expect(OriginalSnapshotCreateTime?.getTime()).toBe(source?.cutAtMs);
  expect(SnapshotDatabaseTime?.getTime()).toBe(source?.cutAtMs);
  expect(SnapshotCreateTime?.getTime()).toBe(copy?.createdMs);
  expect(copy?.createdMs).toBeGreaterThan(source?.cutAtMs ?? Number.POSITIVE_INFINITY);
  expect(copy?.settings.OptionGroupMemberships).toBeUndefined();
});

it('is refused without an option group here that has what cannot be taken off the instance', async () => {
  const source = home.world.snapshots.get('one')?.settings;
  Object.assign(source ?? {}, { OptionGroupMemberships: [{ OptionGroupName: 'secret' }] });
  home.arrange.optionGroup('secret', { OptionName: 'TDE', Persistent: true }, { OptionName: 'AUDIT' });
  const needs = 'requires a target option group with the following options: TDE';
  const refused = async (changes = {}) => String(await time.drive(ofInstance.copy('copy', changes)).catch(String));
  expect(await refused()).toContain(needs);
  expect(await refused({ OptionGroupName: 'secret' })).toContain('Specified OptionGroupName: secret not found');
  there.arrange.optionGroup('secret', { OptionName: 'AUDIT' });
  expect(await refused({ OptionGroupName: 'secret' })).toContain(needs);
  there.arrange.optionGroup('secret', { OptionName: 'TDE', Persistent: true });
  await time.drive(ofInstance.copy('copy', { OptionGroupName: 'secret' }));
  expect(there.world.snapshots.get('copy')?.settings.OptionGroupMemberships).toMatchObject([
    { OptionGroupName: 'secret' },
  ]);
  const asked = new DescribeOptionGroupsCommand({ OptionGroupName: 'secret' });
  expect((await time.drive(client.send(asked))).OptionGroupsList?.[0]?.Options).toMatchObject([{ OptionName: 'TDE' }]);
});

it('needs IAM’s word on both snapshots, the tags, and both keys, each through RDS of its Region', () => {
  const accesses = there.access('CopyDBSnapshot', {
    ...{ SourceDBSnapshotIdentifier: arnOf('snapshot'), TargetDBSnapshotIdentifier: 'copy', KmsKeyId: key },
    Tags: [{ Key: 'holdfast:stack', Value: 'Holdfast' }],
  });
  const copy = `arn:aws:rds:${region}:111122223333:snapshot:copy`;
  expect(accesses.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    `rds:CopyDBSnapshot ${copy}`,
    `rds:CopyDBSnapshot ${arnOf('snapshot')}`,
    `rds:AddTagsToResource ${copy}`,
    `kms:CreateGrant ${key}`,
    `kms:DescribeKey ${key}`,
    `kms:CreateGrant ${sourceKey}`,
    `kms:DescribeKey ${sourceKey}`,
  ]);
  expect(accesses[0]?.context).toMatchObject({ 'aws:RequestTag/holdfast:stack': 'Holdfast' });
  expect(accesses.slice(3).map(({ context }) => context?.['kms:ViaService'])).toEqual([
    ...Array(2).fill(`rds.${region}.amazonaws.com`),
    ...Array(2).fill('rds.eu-west-1.amazonaws.com'),
  ]);
});
