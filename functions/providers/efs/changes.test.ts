import { describe, expect, it } from 'vitest';
import { type Featured, featuresDue, type Placed, placingDue, type Wanted } from './changes.ts';
import type { EfsSettings } from './settings.ts';

const arn = (id: string) => `arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/${id}`;
const accessPoint = { id: 'fsap-0old', RootDirectory: { Path: '/data' }, tags: { Name: 'app' } };
const policy = JSON.stringify({ Resource: arn('fs-0old'), AccessPointArn: 'access-point/fsap-0old' });

const old: EfsSettings = {
  ...{ resourceArn: arn('fs-0old'), sizeBytes: 5, encrypted: true, throughputMode: 'provisioned', provisionedMibps: 8 },
  lifecycle: [{ TransitionToIA: 'AFTER_30_DAYS' }],
  policy,
  mountTargets: [{ subnetId: 'subnet-a', securityGroupIds: ['sg-1'], ipAddress: '10.0.0.1' }],
  accessPoints: [accessPoint],
  tags: { team: 'orders', 'holdfast:promoted-by': 'i-long-ago', 'holdfast:role': 'restored' },
};
type Present = Featured & Placed;
function changesOf(present: Present, of: Wanted) {
  const placing = placingDue(present, of);
  return placing.length > 0 ? placing : featuresDue(present, of);
}

const marks = { 'holdfast:role': 'restored', 'holdfast:recovery': 'now' };
const wanted: Wanted = { settings: old, marks, promoteOn: 'i-1' };
const bare: EfsSettings = {
  ...{ resourceArn: arn('fs-0new'), sizeBytes: 0, encrypted: true, throughputMode: 'bursting' },
  ...{ lifecycle: [], mountTargets: [], accessPoints: [], tags: {} },
};
const now = (settings: Partial<EfsSettings>, automaticBackups = 'DISABLED'): Present => ({
  ...{ id: 'fs-0new', automaticBackups, settings: { ...bare, ...settings } },
});

const tags = { team: 'orders', ...marks };
const target = { subnetId: 'subnet-a', securityGroupIds: ['sg-1'], ipAddress: '10.0.0.9', state: 'available' };
const promoted = { tags: { ...tags, 'holdfast:promoted-by': 'i-1' }, mountTargets: [target] };
const standIn = { ...accessPoint, id: 'fsap-0new', tags: { ...accessPoint.tags, 'holdfast:source': 'fsap-0old' } };
const given = {
  ...promoted,
  accessPoints: [standIn],
  lifecycle: old.lifecycle,
  throughputMode: 'provisioned',
  provisionedMibps: 8,
};
const due = (present: Present, of = wanted) => changesOf(present, of).map(({ what }) => what);

it('temporary files go with the move, and not without it', () => {
  const cleanUp = { roots: ['/'], files: ['TEMP.*'], folders: [] };
  const unmoved = now({ tags, mountTargets: [target] });
  expect(changesOf(unmoved, { ...wanted, cleanUp })[0]).toMatchObject({ promotion: { instanceId: 'i-1', cleanUp } });
  expect(changesOf(unmoved, { ...wanted, promoteOn: undefined, cleanUp })[0]).not.toHaveProperty('promotion');
});

describe('a file system that AWS Backup has restored', () => {
  it('is marked first, with the owner’s tags, and none that an earlier recovery has left', () => {
    expect(changesOf(now({}), wanted)).toEqual([{ what: 'tags', tags }]);
  });

  it('then gets the mount targets, until each is available', () => {
    expect(due(now({ tags }))).toEqual(['mount target in subnet-a']);
    expect(due(now({ tags, mountTargets: [{ ...target, state: 'creating' }] }))).toEqual(['mount target in subnet-a']);
  });

  it('then has its files moved to their place, before anything may mount it or be kept out', () => {
    expect(changesOf(now({ tags, mountTargets: [target] }), wanted)).toEqual([
      { what: 'files’ place', promotion: { instanceId: 'i-1', server: '10.0.0.9' } },
    ]);
  });

  it('then gets what else was forgotten', () => {
    const lifecycle = 'lifecycle';
    expect(due(now(promoted))).toEqual(['access point fsap-0old', lifecycle, 'throughput mode']);
    expect(due(now(promoted, 'ENABLED'))).toContain('automatic backups');
  });

  it('gets its policy last, with the new ids in the place of the old ones', () => {
    expect(changesOf(now(given), wanted)).toEqual([
      { what: 'policy', policy: policy.replace('fs-0old', 'fs-0new').replace('fsap-0old', 'fsap-0new') },
    ]);
  });

  it('lacks nothing once all is given, whatever words EFS has for its policy', () => {
    expect(due(now({ ...given, policy: '{}' }))).toEqual([]);
  });

  it('gets no access point while a person has to move its files', () => {
    expect(due(now({ tags, mountTargets: [target] }), { ...wanted, promoteOn: undefined })).toEqual([
      'lifecycle',
      'throughput mode',
    ]);
  });
});
