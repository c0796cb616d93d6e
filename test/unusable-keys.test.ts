/** Keys that are disabled or deleted while what they encrypt runs on, and is backed up every night. */
import { CancelKeyDeletionCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { appliance, nightly } from './scenario/policy.ts';
import { closeStage, dayMs, failuresAddress, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';
import { thinOutSweeps, toldBy } from './scenario/sweeps.ts';

let stage: Stage;
let key = '';

afterEach(() => closeStage(stage));

const vaultId = 'i-0eeeeeeeeeeeeeeee';
const lost = '[Holdfast] vault: recovery points CANNOT BE DECRYPTED, their KMS key cannot be used';
const back = '[Holdfast] vault: the keys of its recovery points can be used again';
const lastMail = () =>
  stage.inbox(failuresAddress).findLast(({ subject }) => subject.startsWith('[Holdfast]'))?.message;
const kms = (command: EnableKeyCommand | CancelKeyDeletionCommand) => stage.drive(new KMSClient({}).send(command));

/** After two nights of an instance whose data volume is encrypted. */
async function open(member: PolicyInput['workloads'][string]['members'][number]): Promise<void> {
  stage = await openStage({ policy: nightly({ appliance: appliance(), vault: appliance({ members: [member] }) }) });
  thinOutSweeps(stage, 1);
  key = stage.services.kms.createKey().arn;
  const volumes = [{ device: '/dev/sdf', sizeGib: 20, encrypted: true, kmsKeyId: key }];
  stage.services.ec2.world.launchInstance({ id: vaultId, name: 'vault', volumes });
  await stage.time.advance(dayMs + 6 * hourMs);
  expect(await pointsIn(stage, 'vault')).toHaveLength(2);
}

describe.each<[string, PolicyInput['workloads'][string]['members'][number]]>([
  ['volumes', { kind: 'ebs', instance: { id: vaultId }, volumes: 'data' }],
  ['images', { kind: 'ami', instance: { id: vaultId } }],
])('a key of %s', (_, member) => {
  it('that is to be deleted is told of within a day, once, with the commands that save it; and once that it can be used again', async () => {
    await open(member);
    expect(toldBy(stage)).toEqual([]);
    stage.services.kms.scheduleDeletion(key, 7);
    await stage.time.advance(dayMs);
    expect(toldBy(stage)).toEqual([lost]);
    expect(lastMail()).toContain(`${key} is PendingDeletion`);
    expect(lastMail()).toContain(`aws kms cancel-key-deletion --key-id ${key}`);
    await stage.time.advance(2 * dayMs);
    expect(toldBy(stage)).toEqual([lost]);
    await kms(new CancelKeyDeletionCommand({ KeyId: key }));
    await kms(new EnableKeyCommand({ KeyId: key }));
    await stage.time.advance(2 * dayMs);
    expect(toldBy(stage)).toEqual([lost, back]);
  });
});

it('a key that is disabled, and then deleted, is told of each time', async () => {
  await open({ kind: 'ebs', instance: { id: vaultId }, volumes: 'data' });
  stage.services.kms.disable(key);
  await stage.time.advance(dayMs);
  expect(lastMail()).toContain(`aws kms enable-key --key-id ${key}`);
  expect(lastMail()).not.toContain('FOR EVER');
  stage.services.kms.scheduleDeletion(key, 7);
  await stage.time.advance(dayMs);
  expect(lastMail()).toContain('LOST FOR EVER');
  await stage.time.advance(8 * dayMs);
  expect(lastMail()).toContain('nothing brings it back');
  expect(toldBy(stage)).toEqual([lost, lost, lost]);
});
