/** An image is brought back as a new instance, beside the present one. */
import { DeregisterImageCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import type { InstanceRecord } from '#simulator/services/ec2/records.ts';
import { appliance, applianceId, databaseId, nightly } from './scenario/policy.ts';
import { emptyLedger, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, night, openStage, pointsIn, redeploy, type Stage } from './scenario/stage.ts';

let stage: Stage;

const disk = { kind: 'ebs', instance: { id: applianceId }, volumes: 'data' } as const;
const box = { kind: 'ami', instance: { tags: { Name: 'box' } } } as const;
const database = { kind: 'ami', instance: { id: databaseId } } as const;
const roleArn = 'arn:aws:iam::111122223333:role/box';
const profile = 'arn:aws:iam::111122223333:instance-profile/box';
const elasticIp = '203.0.113.7';
const policyOf = (role: { readonly role?: string }) =>
  nightly({
    set: appliance({ members: [disk, { ...box, ...role }] }),
    alone: appliance({ members: [database] }),
  });

beforeEach(async () => {
  stage = await openStage({ policy: policyOf({ role: 'box' }) });
  const userData = "echo 'up'";
  const applications = [{ name: 'box', files: ['/mnt/sdf/cases.db'] }];
  const volumes = [{ device: '/dev/sdf', sizeGib: 10 }];
  world().launchInstance({ name: 'box', keyName: 'ops', roleArn, userData, elasticIp, applications, volumes });
  await night(stage);
});

afterEach(() => closeStage(stage));

const world = () => stage.services.ec2.world;
const image = async (workload: string) =>
  (await pointsIn(stage, workload))[0]?.artifacts.find(({ kind }) => kind === 'ami');
const launched = (): readonly InstanceRecord[] =>
  [...world().instances.values()].filter(({ clientToken }) => clientToken !== undefined);
const stops = () => stage.calls.of('ec2', 'StopInstances').map(({ input }) => input);
const lastMail = () => stage.inbox(failuresAddress).at(-1)?.message.replaceAll(/\s+/g, ' ');

const rolledBack = (words: string) => ({
  state: 'rolled-back',
  failure: { message: expect.stringContaining(words) },
});

async function dryRun(workload: string): Promise<{ readonly warnings: string[]; readonly calls: string[] }> {
  const { output = '' } = await recover(stage, { workload, dryRun: true });
  return JSON.parse(output);
}

describe('a recovery', () => {
  it('says first what it launches, and what is left to a person, with the commands', async () => {
    const { warnings, calls } = await dryRun('set');
    const { id = '', source = '' } = (await image('set')) ?? {};
    const own = calls.filter((line) => !line.includes('volume') && !line.includes(applianceId));
    expect(own[0]).toMatch(
      new RegExp(
        `^aws ec2 run-instances --image-id ${id} --count 1 --client-token ${source}-new-\\w{6} --cli-input-json '{`,
      ),
    );
    expect(own[0]).toContain("--user-data '<as it was>'");
    expect(JSON.stringify({ warnings, calls })).not.toMatch(/UserData|echo/);
    expect(own[0]).toContain(profile);
    const byHand = own.flatMap((line) => (line.startsWith('# by hand: aws ') ? [line.slice(15)] : []));
    expect(byHand).toEqual([
      `ec2 stop-instances --instance-ids ${source} # it is kept; the way back is to stop the new one, and start it`,
      `ec2 associate-address --instance-id '<new instance>' --allow-reassociation --allocation-id "$(aws ec2 describe-addresses --public-ips ${elasticIp} --query 'Addresses[0].AllocationId' --output text)"`,
      `ec2 create-tags --resources '<new instance>' --tags '[{"Key":"Name","Value":"box"}]'`,
      `ec2 delete-tags --resources ${source} --tags '[{"Key":"Name"}]'`,
    ]);
    expect(warnings.join('\n')).toContain(
      `ami ${source}: the new instance has another id, and another private address than 10.0.0.10`,
    );
    expect(warnings.join('\n')).toContain('its applications start with it, beside those of the present instance');
    expect(launched()).toEqual([]);
  });

  it('launches it as it was, with the files of the image, and leaves the present one as it is', async () => {
    const { source = '', id } = (await image('set')) ?? {};
    const before = { ...world().instance(source).guest.inspect() };
    expect(failureOf(await recover(stage, { workload: 'set' }))).toBe(': ');
    const [made, ...others] = launched();
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      imageId: id,
      state: 'running',
      spec: { keyName: 'ops', roleArn, userData: "echo 'up'" },
    });
    expect(made?.guest.inspect().applications).toMatchObject([{ name: 'box', status: 'running' }]);
    expect(world().instance(source).guest.inspect().applications[0]?.status).toBe(before.applications[0]?.status);
    expect(stops()).toEqual([expect.objectContaining({ InstanceIds: [applianceId] })]);
    const recovery = await recovered(stage, 'set');
    expect(recovery).toMatchObject({ state: 'committed', plan: { targets: [{ kind: 'ebs' }, { kind: 'ami' }] } });
    expect(recovery?.plan.targets[1]?.keeps).toContain(`The recovered ami ${source} is ${made?.id}`);
  });

  it('gives the new one none of the tags that the policy, or anything else, goes by', async () => {
    await recover(stage, { workload: 'set' });
    const [made] = launched();
    expect(Object.fromEntries(made?.tags ?? [])).toEqual({
      ...{ Name: made?.clientToken, 'holdfast:stack': 'Holdfast', 'holdfast:workload': 'set' },
      ...{ 'holdfast:recovery': 'recovery-1', 'holdfast:role': 'restored' },
    });
    await night(stage);
    const [newest] = await pointsIn(stage, 'set');
    expect(newest?.artifacts.map(({ source }) => source)).not.toContain(made?.id);
  });

  it.each([1, 3])('launches one, though the reply is lost %i times', async (times) => {
    stage.faults.add({ service: 'ec2', operation: 'RunInstances', times, effect: { kind: 'lose-reply' } });
    expect(failureOf(await recover(stage, { workload: 'alone' }))).toBe(': ');
    expect(launched()).toHaveLength(1);
  });

  it('brings back an instance that is terminated', async () => {
    const { source = '' } = (await image('alone')) ?? {};
    stage.services.ec2.arrange.instanceTerminated(source);
    await stage.time.advance(120_000);
    expect((await dryRun('alone')).warnings.join()).toContain(
      `ami ${source} does not exist any more; it is made anew.`,
    );
    expect(failureOf(await recover(stage, { workload: 'alone' }, 'recovery-2'))).toBe(': ');
    expect(launched()).toMatchObject([{ state: 'running' }]);
  });
});

describe('the instance’s role', () => {
  it('is not handed on unless the policy names it; then a person is told how', async () => {
    await redeploy(stage, policyOf({}));
    const { calls, warnings } = await dryRun('set');
    expect(calls.find((line) => line.startsWith('aws ec2 run-instances'))).not.toContain('instance-profile');
    expect(calls.join('\n')).toContain(
      `# by hand: aws ec2 associate-iam-instance-profile --instance-id '<new instance>' --iam-instance-profile Arn=${profile}`,
    );
    expect(warnings.join('\n')).toContain('It has no instance profile, since the policy names no role');
    expect(failureOf(await recover(stage, { workload: 'set' }, 'recovery-2'))).toBe(': ');
    expect(launched()[0]?.spec.roleArn).toBeUndefined();
  });

  it('is one that may be handed on, or nothing is launched', async () => {
    await redeploy(stage, policyOf({ role: 'another' }));
    await recover(stage, { workload: 'set' });
    expect(launched()).toEqual([]);
    expect(await recovered(stage, 'set')).toMatchObject(rolledBack('iam:PassRole'));
  });
});

describe('the workload’s own verify script', () => {
  const verified = appliance({ members: [database], recovery: { verify: '/opt/holdfast/verify' } });
  const commands = () => stage.calls.of('ssm', 'SendCommand').map(({ input }) => input);

  it('is run on the new instance', async () => {
    await redeploy(stage, nightly({ alone: verified }));
    expect(failureOf(await recover(stage, { workload: 'alone' }))).toBe(': ');
    expect(commands()).toEqual([expect.objectContaining({ InstanceIds: [launched()[0]?.id] })]);
  });

  it('fails the recovery, and the new one is stopped', async () => {
    await redeploy(stage, nightly({ alone: verified }));
    world()
      .guest(databaseId)
      .installProgram('/opt/holdfast/verify', () => 1);
    await recover(stage, { workload: 'alone' });
    expect(await recovered(stage, 'alone')).toMatchObject(rolledBack('says that the application does not work'));
    expect(launched()[0]?.state).toBe('stopped');
    expect(world().instance(databaseId).state).toBe('running');
  });

  it('is not waited for where the new one has no profile, and so no SSM agent', async () => {
    const members = [box];
    await redeploy(stage, nightly({ set: appliance({ members, recovery: { verify: '/opt/holdfast/verify' } }) }));
    await night(stage);
    expect(failureOf(await recover(stage, { workload: 'set' }))).toBe(': ');
    expect(commands()).toEqual([]);
    expect(await recovered(stage, 'set')).toMatchObject({ state: 'committed' });
  });
});

describe('a recovery that fails', () => {
  it('for want of capacity changes nothing', async () => {
    stage.services.ec2.arrange.zoneOutage('eu-west-1a');
    await recover(stage, { workload: 'alone' });
    expect(await recovered(stage, 'alone')).toMatchObject(rolledBack('InsufficientInstanceCapacity'));
    expect(launched()).toEqual([]);
  });

  it('and cannot stop the new one is told as stranded, with what is where; the present one goes on', async () => {
    await redeploy(stage, nightly({ alone: appliance({ members: [database], recovery: { verify: '/no/such' } }) }));
    stage.faults.add({ service: 'ec2', operation: 'StopInstances', times: Infinity, effect: denied() });
    await recover(stage, { workload: 'alone' });
    const recovery = await recovered(stage, 'alone');
    expect(recovery).toMatchObject({ state: 'stranded', application: 'runs-on-originals' });
    expect(recovery?.leftovers?.join('\n')).toContain(`is ${launched()[0]?.id}, running (made by the recovery)`);
    expect(recovery?.leftovers).toContain(`aws ec2 stop-instances --instance-ids ${launched()[0]?.id}`);
    expect(world().instance(databaseId).state).toBe('running');
  });

  it('stops the new one, keeps it, and says so; the present one has never been touched', async () => {
    stage.faults.add({ service: 'ec2', operation: 'AttachVolume', effect: denied() });
    await recover(stage, { workload: 'set' });
    const [made] = launched();
    expect(made?.state).toBe('stopped');
    expect(await recovered(stage, 'set')).toMatchObject(rolledBack('While attaching'));
    expect(lastMail()).toContain(`${made?.id} (${made?.clientToken}), which the recovery has made, is left as it is`);
    const { source = '' } = (await image('set')) ?? {};
    expect(world().instance(source).state).toBe('running');
  });
});

describe('is refused', () => {
  it('of an image that is gone', async () => {
    const { id } = (await image('alone')) ?? {};
    await stage.drive(new EC2Client({}).send(new DeregisterImageCommand({ ImageId: id })));
    await stage.time.advance(5000);
    expect(failureOf(await recover(stage, { workload: 'alone' }))).toContain(
      `InvalidRequest: The image ${id} is gone, and nothing can be launched from it.`,
    );
  });

  it('when the ledger is gone that knew what to launch it with; the command names the image', async () => {
    const { id } = (await image('alone')) ?? {};
    await emptyLedger(stage, 'alone');
    expect(failureOf(await recover(stage, { workload: 'alone' }))).toContain(
      `aws ec2 run-instances --image-id ${id} --instance-type …`,
    );
  });
});
