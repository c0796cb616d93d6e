/** What plans of AWS Backup have copied of a workload: told, and brought back where it is asked for by its id. */
import { afterEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { filesParameter } from './scenario/orders.ts';
import { appliance, applianceId, databaseId, nightly } from './scenario/policy.ts';
import { failureOf, leaseOf, portrait, recover, recovered } from './scenario/recovering.ts';
import {
  closeStage,
  dayMs,
  failuresAddress,
  hourMs,
  openStage,
  pointsIn,
  reportsAddress,
  type Stage,
} from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const filesId = 'fs-0a1b2c3d4e5f60718';
const homes = { kind: 'efs', resource: filesId, parameter: filesParameter, promoteOn: { id: databaseId } } as const;
const disk = { kind: 'ebs', instance: { id: applianceId }, volumes: 'data' } as const;
const box = { kind: 'ami', instance: { tags: { Name: 'box' } }, role: 'box' } as const;
const pointId = 'cluster.1-day.20260115T050000Z';
const tags = { cluster: 'hpc-1' };
const plans = { cluster: { select: { tags } } };
type Changes = NonNullable<Parameters<typeof appliance>[0]>;
type Members = NonNullable<Changes['members']>;

const world = () => stage.services.ec2.world;
const guest = () => world().guest(applianceId);
const system = (id = filesId) => stage.services.efs.world.fileSystem(id);
const made = () => stage.services.efs.world.fileSystems().find(({ id }) => id !== filesId);
const copies = () => [...stage.services.backup.world.points.values()];

/** A night, and the hour of the plan after it: what carries its tags is copied. */
async function open(
  members: Members,
  isTagged: 'instance' | 'volume' = 'instance',
  changes: Changes = {},
): Promise<void> {
  const set = appliance({ members, ...changes });
  stage = await openStage({ policy: { ...nightly({ set }), plans } });
  const roleArn = 'arn:aws:iam::111122223333:role/box';
  const applications = [{ name: 'box', files: ['/mnt/sdf/cases.db'] }];
  world().launchInstance({ name: 'box', roleArn, tags, applications, volumes: [{ device: '/dev/sdf', sizeGib: 10 }] });
  stage.services.efs.world.create({ id: filesId, files: { '/home/ada': 'one' }, tags });
  stage.services.ssm.parameters.set(filesParameter, filesId);
  if (isTagged === 'instance') world().instance(applianceId).tags.set('cluster', 'hpc-1');
  if (isTagged === 'volume') world().volumeAt(applianceId, '/dev/sdh').tags.set('cluster', 'hpc-1');
  await stage.time.advance(6.5 * hourMs);
}

const ask = (input: object = {}, name?: string) => recover(stage, { workload: 'set', point: pointId, ...input }, name);
const dryRun = async (input: object = {}): Promise<{ warnings: string[]; calls: string[]; point: string }> => {
  const execution = await ask({ dryRun: true, ...input }, `look-${Math.random()}`);
  expect(failureOf(execution)).toBe(': ');
  return JSON.parse(execution.output ?? '');
};

describe('a recovery from what a plan has copied', () => {
  it('brings the volumes of an instance back in place, from one moment, and is told as any other', async () => {
    await open([disk]);
    guest().wipe('/dev/sdh');
    const { warnings } = await dryRun();
    expect(warnings.join('\n')).toContain('by the rule 1-day of the plan cluster: nothing was held still');
    expect(warnings.join('\n')).toMatch(/\/dev\/sdh of i-0a1b2c3d4e5f60718: of one moment between 2026-01-15T05:00:00/);
    expect(failureOf(await ask())).toBe(': ');
    const [image] = [...world().images.values()].filter(({ instanceId }) => instanceId === applianceId);
    expect(world().volumeAt(applianceId, '/dev/sdh')).toMatchObject({
      ...{ snapshotId: image?.snapshotIds.get('/dev/sdh'), type: 'gp3', iops: 4000, throughput: 250, sizeGib: 200 },
    });
    expect(guest().read('/mnt/sdh/cases.db')).toMatch(/^transaction [1-9]/);
    expect(guest().inspect().applications).toMatchObject([{ status: 'running' }]);
    const mail = stage.inbox(reportsAddress).find(({ subject }) => subject.includes('RECOVERED'));
    expect(mail?.subject).toContain('2026-01-15 05:00');
    expect(mail?.message).toContain(`from point ${pointId}`);
  });

  it('brings a volume back that is copied by itself', async () => {
    await open([disk], 'volume');
    guest().wipe('/dev/sdh');
    expect(failureOf(await ask())).toBe(': ');
    const copy = copies().find(({ source }) => source.type === 'EBS');
    expect(copy?.arn).toContain(world().volumeAt(applianceId, '/dev/sdh').snapshotId);
    expect(guest().read('/mnt/sdh/cases.db')).toMatch(/^transaction [1-9]/);
  });

  it('makes a file system anew with the files of then, and what AWS Backup forgets', async () => {
    await open([homes]);
    system().files.set('/home/ada', 'a mistake');
    expect((await dryRun()).warnings.join('\n')).toContain(`The files of efs ${filesId} were read one after another`);
    expect(failureOf(await ask())).toBe(': ');
    expect(Object.fromEntries(made()?.files ?? [])).toEqual({ '/home/ada': 'one' });
    expect(made()?.mountTargets).toMatchObject([{ subnetId: 'subnet-0a' }]);
    expect(stage.services.ssm.parameters.get(filesParameter)).toBe(made()?.id);
  });

  it('launches an instance from an image, beside the present one, with the role that the policy names', async () => {
    await open([box]);
    expect((await dryRun()).warnings.join('\n')).toContain('it is launched with what the present instance has');
    expect(failureOf(await ask())).toBe(': ');
    const [launched] = [...world().instances.values()].filter(({ clientToken }) => clientToken !== undefined);
    expect(launched).toMatchObject({ state: 'running', spec: { roleArn: 'arn:aws:iam::111122223333:role/box' } });
    expect(launched?.guest.inspect().applications).toMatchObject([{ name: 'box', status: 'running' }]);
  });

  it('launches one from an image though it is gone, as the newest point of the ledger has it', async () => {
    await open([box]);
    stage.services.ec2.arrange.instanceTerminated(world().instance('box').id);
    await stage.time.advance(hourMs / 6); // EC2 shows it as it was for a while
    expect(failureOf(await ask())).toBe(': ');
    const [launched] = [...world().instances.values()].filter(({ clientToken }) => clientToken !== undefined);
    expect(launched).toMatchObject({ state: 'running', spec: { roleArn: 'arn:aws:iam::111122223333:role/box' } });
  });

  it('launches one that takes the place of the present one, where that is asked for', async () => {
    await open([box]);
    expect(failureOf(await ask({ replace: true }))).toBe(': ');
    const [launched] = [...world().instances.values()].filter(({ clientToken }) => clientToken !== undefined);
    expect(launched?.state).toBe('running');
    expect(world().instance('box').state).toBe('stopped');
  });

  it('can be done again from an older copy, of a volume that is attached no more', async () => {
    await open([disk], 'volume');
    await ask();
    guest().wipe('/dev/sdh');
    expect(failureOf(await ask({}, 'recovery-2'))).toBe(': ');
    expect(guest().read('/mnt/sdh/cases.db')).toMatch(/^transaction [1-9]/);
  });

  it('is rolled back when a volume cannot be made, and leaves everything as it was', async () => {
    await open([disk]);
    const before = portrait(stage, applianceId);
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied() });
    await ask();
    expect(await recovered(stage, 'set')).toMatchObject({ state: 'rolled-back' });
    expect(portrait(stage, applianceId)).toBe(before);
    expect(stage.inbox(failuresAddress).at(-1)?.message).toContain(`recover set --point ${pointId}`);
  });

  it('leaves the copies to AWS Backup: the ledger has no point of them, and retire ends none', async () => {
    await open([disk], 'instance', { retention: { days: 1, minimum: 1 } });
    const [known] = await pointsIn(stage, 'set');
    await ask();
    expect((await pointsIn(stage, 'set')).map(({ id }) => id)).toEqual([known?.id]);
    await stage.time.advance(2.5 * dayMs);
    expect(stage.calls.of('backup', 'DeleteRecoveryPoint')).toEqual([]);
    expect(world().images.size).toBeGreaterThan(3);
    expect([...world().images.values()].every(({ goneAtMs }) => goneAtMs === undefined)).toBe(true);
  });
});

describe('what is asked for without a point', () => {
  it('is the newest of the ledger, and the dry run tells of what a plan has copied since', async () => {
    await open([disk]);
    const { point, warnings } = await dryRun({ point: 'latest' });
    expect(point).toBe('set-20260115T030000Z');
    expect(warnings.join('\n')).toContain(`npx holdfast recover set --point ${pointId} --dry-run`);
    await recover(stage, { workload: 'set' });
    expect((await recovered(stage, 'set'))?.pointId).toBe('set-20260115T030000Z');
  });

  it('is refused where the ledger has nothing, with what a plan has', async () => {
    await open([disk], 'instance', { schedule: { cron: '0 23 * * ? *' } });
    const words = failureOf(await recover(stage, { workload: 'set' }));
    expect(words).toContain('no sealed recovery point');
    expect(words).toContain(`--point ${pointId}`);
  });

  it('is no business of a plan whose vault cannot be listed', async () => {
    await open([disk]);
    const operation = 'ListRecoveryPointsByBackupVault';
    stage.faults.add({ service: 'backup', operation, effect: denied() });
    expect((await dryRun({ point: 'latest' })).warnings.join('\n')).toContain('could not be seen');
    expect(failureOf(await recover(stage, { workload: 'set' }))).toBe(': ');
  });
});

describe('a recovery is refused', () => {
  const refusal = async (input: object = {}) => {
    const before = portrait(stage, applianceId);
    const execution = await ask(input);
    expect(execution.status).toBe('FAILED');
    expect(portrait(stage, applianceId)).toBe(before);
    expect(await leaseOf(stage, 'set')).toBeUndefined();
    return failureOf(execution);
  };

  it('where a later tier is not proven to be newer', async () => {
    await open([homes, { ...disk, tier: 2 }]);
    expect(await refusal()).toMatch(
      /efs fs-0a1b2c3d4e5f60718 .*tier 1\) may have data from up to .*not proven to be 60 s older/,
    );
  });

  it.each(['DELETING', 'EXPIRED', 'PARTIAL'] as const)('of a copy that is %s', async (status) => {
    await open([homes]);
    for (const copy of copies()) if (copy.vault.includes('plan')) copy.status = status;
    expect(await refusal()).toMatch(new RegExp(`Point ${pointId} is broken: AWS Backup has arn:.* as ${status}`));
  });

  it('of a snapshot under a key that is lost', async () => {
    await open([disk]);
    const { arn: keyArn } = stage.services.kms.createKey();
    const [image] = [...world().images.values()].filter(({ instanceId }) => instanceId === applianceId);
    const snapshot = world().snapshots.get(image?.snapshotIds.get('/dev/sdh') ?? '');
    Object.assign(snapshot ?? {}, { encrypted: true, kmsKeyId: keyArn });
    stage.services.kms.scheduleDeletion(keyArn);
    expect(await refusal()).toContain(`The KMS key ${keyArn} is PendingDeletion`);
  });

  it('of an image that is gone, though AWS Backup still lists it', async () => {
    await open([disk]);
    for (const image of world().images.values()) image.goneAtMs = 0;
    expect(await refusal()).toContain('which AWS Backup still lists, does not exist any more');
  });

  it('of a point that no plan has', async () => {
    await open([disk]);
    const words = await refusal({ point: 'cluster.1-day.20260114T050000Z' });
    expect(words).toContain(`The nearest are ${pointId}`);
  });
});
