import { describe, expect, it } from 'vitest';
import { isDone } from '../../drive.ts';
import { commandLine, line } from './command-line.ts';
import { awaitVolumes, createVolumeInput } from './create.ts';
import { taskStateOf } from './guest-task.ts';
import { detailOf, instanceId, recovery, settings, swap, untouched, view } from './model/instance-model.ts';
import { missingReplacedTags, replacedTags, restoredTags } from './tags.ts';
import { decideStatus } from './verify.ts';

process.env.HOLDFAST_STACK = 'Holdfast';

const detail = detailOf([swap('f')]);
const inputFor = (changes: object) => {
  const changed = swap('f', { settings: settings('vol-1', '/dev/sdf', changes) });
  return createVolumeInput(detail, changed, recovery);
};

describe('the call that makes a volume', () => {
  it('carries a token of at most 64 characters, the same for the same volume and another for any other', () => {
    const token = (name: string, id = recovery.id) =>
      createVolumeInput(detail, swap(name), { ...recovery, id }).ClientToken ?? '';
    expect(token('f').length).toBeLessThanOrEqual(64);
    expect(token('f')).toBe(token('f'));
    expect(new Set([token('f'), token('g'), token('f', 'rec-2')]).size).toBe(3);
  });

  it('passes the performance that each type takes, and no other', () => {
    expect(inputFor({ type: 'gp3', iops: 4000, throughput: 250 })).toMatchObject({
      VolumeType: 'gp3',
      Iops: 4000,
      Throughput: 250,
    });
    expect(inputFor({ type: 'gp2', iops: 300 })).not.toHaveProperty('Iops');
    expect(inputFor({ type: 'io2', iops: 9000, throughput: 250 })).not.toHaveProperty('Throughput');
  });

  it('names the key of an encrypted volume, in the zone of the instance', () => {
    expect(inputFor({ encrypted: true, kmsKeyId: 'arn:k' })).toMatchObject({
      Encrypted: true,
      KmsKeyId: 'arn:k',
      AvailabilityZone: 'eu-west-1a',
    });
    expect(inputFor({ encrypted: false })).not.toHaveProperty('Encrypted');
  });
});

describe('waiting for new volumes', () => {
  const asked = Date.parse('2026-01-01T03:00:00.000Z');
  it('takes a volume that does not show for eventual consistency at first, and for a key that fails later', () => {
    const world = { ...view(untouched(detail)), volumes: new Map() };
    expect(awaitVolumes(detail, world, asked + 10_000).waitingFor).toContain('vol-new-f');
    expect(() => awaitVolumes(detail, world, asked + 31_000)).toThrow(/KMS key/);
  });
  it('is over when all are available', () => {
    expect(isDone(awaitVolumes(detail, view(untouched(detail)), asked))).toBe(true);
  });
});

describe('tags', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x']));
  it('never exceed fifty, and always tell whose volume it is', () => {
    for (const own of [0, 40, 46, 50]) {
      const tags = restoredTags(recovery, instanceId, many(own));
      expect(Object.keys(tags).length).toBeLessThanOrEqual(50);
      expect(tags).toMatchObject({
        'holdfast:stack': 'Holdfast',
        'holdfast:recovery': 'rec-1',
        'holdfast:role': 'restored',
      });
    }
    expect(Object.keys({ ...many(47), ...replacedTags(recovery, instanceId, many(47)) })).toHaveLength(50);
  });
  it('are complete once they are there, however many fitted', () => {
    for (const own of [0, 44, 49, 50]) {
      const present = { ...many(own), ...replacedTags(recovery, instanceId, many(own)) };
      expect(missingReplacedTags(recovery, instanceId, present)).toEqual({});
    }
  });
  it('of text from outside hold no control characters and at most 256 characters', () => {
    const request = { workload: 'w', reason: `a\nb\u0000${'x'.repeat(400)}` };
    const reason = replacedTags({ ...recovery, request }, instanceId, {})['holdfast:reason'] ?? '';
    expect(reason).toMatch(/^a b x+$/);
    expect(reason).toHaveLength(256);
  });
});

describe('a command line', () => {
  it('survives a shell, whatever the values', () => {
    expect(line('ec2 x', { tags: `it's $HOME`, flag: '' })).toBe(`aws ec2 x --tags 'it'\\''s $HOME' --flag`);
    expect(commandLine({ kind: 'detach', instanceId, volumeId: 'vol-1', device: '/dev/sdf', force: true })).toBe(
      'aws ec2 detach-volume --volume-id vol-1 --force',
    );
  });
});

describe('verifying', () => {
  const ok = { Status: 'ok' as const };
  const running = { InstanceState: { Name: 'running' as const }, InstanceStatus: ok, SystemStatus: ok };
  it("waits for both checks, and for the volumes' where they are reported", () => {
    expect(isDone(decideStatus(running))).toBe(true);
    expect(decideStatus({ ...running, InstanceStatus: { Status: 'initializing' } }).waitingFor).toMatch(
      /instance initializing/,
    );
    expect(decideStatus({ ...running, AttachedEbsStatus: { Status: 'impaired' } }).waitingFor).toMatch(
      /volumes impaired/,
    );
    expect(decideStatus(undefined).waitingFor).toBeDefined();
  });
  it('fails at once when the instance has stopped again', () => {
    expect(() => decideStatus({ InstanceId: 'i-1', InstanceState: { Name: 'stopped' } })).toThrow(/could not boot/);
  });
  it('tells a script that says no from one that never ran', () => {
    expect(taskStateOf('c', { Status: 'Success' })).toEqual({ kind: 'passed' });
    expect(taskStateOf('c', { Status: 'InProgress', StatusDetails: 'In Progress' })).toMatchObject({
      kind: 'running',
      commandId: 'c',
    });
    expect(taskStateOf('c', { Status: 'TimedOut', StatusDetails: 'Delivery Timed Out' }).kind).toBe('unreached');
    expect(taskStateOf('c', { Status: 'TimedOut', StatusDetails: 'Execution Timed Out' }).kind).toBe('failed');
    expect(
      taskStateOf('c', {
        Status: 'Failed',
        StatusDetails: 'Failed',
        ResponseCode: 3,
        StandardErrorContent: 'no rows\n',
      }),
    ).toEqual({
      kind: 'failed',
      why: 'Failed, exit code 3. no rows',
    });
  });
});
