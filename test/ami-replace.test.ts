/** An instance launched from an image takes the place of the present one, where the operator asks for it. */
import { EC2Client, StartInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import type { LaunchSpec } from '#simulator/services/ec2/launch-spec.ts';
import type { InstanceRecord } from '#simulator/services/ec2/records.ts';
import { appliance, applianceId, nightly } from './scenario/policy.ts';
import { abort, begin, end, failureOf, functionNamed, leaseOf, recover, recovered } from './scenario/recovering.ts';
import {
  closeStage,
  failuresAddress,
  minuteMs,
  night,
  openStage,
  reportsAddress,
  type Stage,
} from './scenario/stage.ts';

let stage: Stage;

const box = { kind: 'ami', instance: { tags: { Name: 'box' } }, role: 'box' } as const;
const roleArn = 'arn:aws:iam::111122223333:role/box';
const publicIp = '203.0.113.7';
const policy = nightly({ box: appliance({ members: [box], recovery: { verify: '/opt/holdfast/verify' } }) });

/** With an address unless told otherwise. */
async function open(spec: Partial<LaunchSpec> = { elasticIp: publicIp }): Promise<void> {
  stage = await openStage({ policy });
  const applications = [{ name: 'box', files: ['/mnt/sdf/cases.db'] }];
  const volumes = [{ device: '/dev/sdf', sizeGib: 10 }];
  const { guest } = world().launchInstance({ name: 'box', roleArn, applications, volumes, ...spec });
  guest.installProgram('/opt/holdfast/verify', () => 0);
  await night(stage);
}

afterEach(() => closeStage(stage));

const world = () => stage.services.ec2.world;
const old = (): InstanceRecord => world().instance('box');
const launched = (): readonly InstanceRecord[] =>
  [...world().instances.values()].filter(({ clientToken }) => clientToken !== undefined);
const made = (): InstanceRecord | undefined => launched()[0];
const holder = () => [...world().addresses.values()][0]?.association?.instanceId;
const allocation = () => [...world().addresses.keys()][0];
const replace = (name?: string) => recover(stage, { workload: 'box', replace: true }, name);
const changes = () =>
  stage.calls
    .mutating()
    .filter(({ call }) => call.service === 'ec2' && call.caller.name.includes('function'))
    .map(({ call }) => call.operation);
const ours = () => [...old().tags].filter(([key]) => key.startsWith('holdfast:'));
const lastMail = (address = failuresAddress) => stage.inbox(address).at(-1)?.message.replaceAll(/\s+/g, ' ') ?? '';
const anyTime = Number.POSITIVE_INFINITY;

async function expectUndone(recoveryName = 'recovery-1'): Promise<void> {
  expect(await recovered(stage, 'box')).toMatchObject({ id: recoveryName, state: 'rolled-back' });
  expect([old().state, holder(), ours()]).toEqual(['running', old().id, []]);
  expect(launched().filter(({ state }) => state !== 'stopped')).toEqual([]);
  expect(await leaseOf(stage, 'box')).toBeUndefined();
}

describe('a recovery that replaces', () => {
  beforeEach(() => open());

  it('says first every move, in order, and what is left to a person, and changes nothing', async () => {
    const before = changes().length;
    const { output = '' } = await recover(stage, { workload: 'box', replace: true, dryRun: true });
    const { calls, warnings }: { readonly calls: string[]; readonly warnings: string[] } = JSON.parse(output);
    expect(calls.map((call) => call.split(' ').slice(0, 7).join(' '))).toEqual(
      [
        expect.stringMatching(/^aws ec2 run-instances --image-id ami-\w+ --count 1$/),
        `aws ec2 create-tags --resources ${old().id} --tags`,
        `aws ec2 stop-instances --instance-ids ${old().id}`,
        `aws ec2 associate-address --allocation-id ${allocation()} --instance-id`,
        '# by hand: What leads to',
        '# by hand: aws elbv2 register-targets --target-group-arn',
        `# by hand: aws ec2 create-tags --resources`,
        `# by hand: aws ec2 delete-tags --resources`,
        '# by hand: The policy still means',
      ].map((words) => (typeof words === 'string' ? expect.stringContaining(words) : words)),
    );
    expect(calls[1]).toContain('"holdfast:role","Value":"replaced"');
    expect(calls[3]).toContain(`--instance-id '<new instance>' --allow-reassociation # ${publicIp}`);
    expect(warnings.join('\n')).toContain('its applications start with it, beside those of the present instance');
    expect(changes()).toHaveLength(before);
  });

  it('launches it, marks and stops the old one, leads the address to the new one, and tells the way back', async () => {
    expect(failureOf(await replace())).toBe(': ');
    expect(await recovered(stage, 'box')).toMatchObject({ state: 'committed' });
    expect([old().state, made()?.state, holder()]).toEqual(['stopped', 'running', made()?.id]);
    expect(made()?.guest.inspect().applications).toMatchObject([{ name: 'box', status: 'running' }]);
    expect(Object.fromEntries(ours())).toMatchObject({
      'holdfast:recovery': 'recovery-1',
      'holdfast:role': 'replaced',
    });
    expect(changes().slice(-4)).toEqual(['RunInstances', 'CreateTags', 'StopInstances', 'AssociateAddress']);
    const mail = lastMail(reportsAddress);
    expect(mail).toContain(`${made()?.id} has its place, and its address ${publicIp}.`);
    expect(mail).toContain(
      `aws ec2 stop-instances --instance-ids ${made()?.id} ; aws ec2 associate-address --allocation-id ${allocation()} --instance-id ${old().id}`,
    );
  });

  it.each([
    ['RunInstances', 1],
    ['CreateTags', 1],
    ['StopInstances', 1],
    ['AssociateAddress', 1],
    ['AssociateAddress', 4],
  ])('is done once, though the reply to %s is lost %i times', async (operation, times) => {
    stage.faults.add({ service: 'ec2', operation, times, effect: { kind: 'lose-reply' } });
    expect(failureOf(await replace())).toBe(': ');
    expect(launched()).toHaveLength(1);
    expect([old().state, made()?.state, holder()]).toEqual(['stopped', 'running', made()?.id]);
  });

  it.each([
    ['StopInstance', 4],
    ['StopInstance', 5],
    ['AttachVolumes', 5],
    ['AttachVolumes', 6],
    ['AttachVolumes', 7],
    ['CommitRecovery', 4],
  ])('is committed or undone, though %s dies after %i of its calls', async (step, afterCalls) => {
    stage.services.lambda.crash({ functionName: functionNamed(stage, step), afterCalls });
    await replace();
    const { state } = (await recovered(stage, 'box')) ?? {};
    if (state !== 'committed') await expectUndone();
    else expect([old().state, made()?.state, holder()]).toEqual(['stopped', 'running', made()?.id]);
    expect(launched()).toHaveLength(1);
  });
});

describe('an instance that is found stopped', () => {
  it('is left so, and the new one runs', async () => {
    await open({ state: 'stopped' });
    expect(failureOf(await replace())).toBe(': ');
    expect([old().state, made()?.state]).toEqual(['stopped', 'running']);
    expect(changes()).not.toContain('StopInstances');
    expect(changes()).not.toContain('AssociateAddress');
  });
});

describe('rolled back', () => {
  beforeEach(() => open());

  it.each(['CreateTags', 'StopInstances', 'AssociateAddress'])(
    'when %s is denied: the old one has its address and runs, the new one is stopped, kept and told',
    async (operation) => {
      stage.faults.add({ service: 'ec2', operation, effect: denied() });
      await replace();
      await expectUndone();
      expect(lastMail()).toContain(`${made()?.id} (${made()?.clientToken}), which the recovery has made, is left`);
      expect(lastMail()).toMatch(/recover box --point \S+ --replace --dry-run/);
    },
  );

  it('when its application does not work: the address goes back, then the old one starts', async () => {
    old().guest.installProgram('/opt/holdfast/verify', () => 1);
    await replace();
    await expectUndone();
    expect(changes().slice(-4)).toEqual(['StopInstances', 'AssociateAddress', 'StartInstances', 'DeleteTags']);
  });

  it('gives back the marks of an earlier recovery', async () => {
    old().tags.set('holdfast:recovery', 'earlier').set('holdfast:role', 'restored');
    stage.faults.add({ service: 'ec2', operation: 'AssociateAddress', effect: denied() });
    await replace();
    expect(await recovered(stage, 'box')).toMatchObject({ state: 'rolled-back' });
    expect(Object.fromEntries(ours())).toEqual({ 'holdfast:recovery': 'earlier', 'holdfast:role': 'restored' });
  });

  it('whenever its execution is aborted', async () => {
    const states = new Set<string | undefined>();
    for (let seconds = 5; seconds < 400; seconds += 45) {
      if (states.has('committed')) break;
      const execution = await begin(stage, { workload: 'box', replace: true }, `recovery-${seconds}`);
      await stage.time.advance(seconds * 1000);
      if (execution.status === 'RUNNING') await abort(stage, execution);
      await end(stage);
      const { state } = (await recovered(stage, 'box')) ?? {};
      states.add(state);
      if (state !== 'committed') await expectUndone(`recovery-${seconds}`);
    }
    expect(states).toEqual(new Set(['rolled-back', 'committed']));
  });

  it('waits for capacity to start the old one again', async () => {
    stage.faults.add({ service: 'ec2', operation: 'AssociateAddress', effect: denied() });
    stage.services.ec2.arrange.startFailsForCapacity(old().id, 20);
    await replace();
    await expectUndone();
  });

  it('when EC2 terminates the new one with the address on it: that leads to the old one again', async () => {
    const execution = await begin(stage, { workload: 'box', replace: true });
    await stage.time.until(() => holder() === made()?.id && made() !== undefined, 10 * minuteMs);
    stage.services.ec2.arrange.instanceTerminated(made()?.id ?? '');
    await end(stage);
    expect(execution.status).toBe('FAILED');
    expect(await recovered(stage, 'box')).toMatchObject({ state: 'rolled-back' });
    expect([old().state, holder(), ours()]).toEqual(['running', old().id, []]);
  });

  it('when somebody starts the old one meanwhile', async () => {
    await begin(stage, { workload: 'box', replace: true });
    await stage.time.until(() => holder() === made()?.id && made() !== undefined, 10 * minuteMs);
    await stage.drive(new EC2Client({}).send(new StartInstancesCommand({ InstanceIds: [old().id] })));
    await end(stage);
    await expectUndone();
  });
});

describe('when even the way back fails', () => {
  beforeEach(() => open());

  it('the mail says what is where, and its commands finish it', async () => {
    old().guest.installProgram('/opt/holdfast/verify', () => 1);
    const remove = stage.faults.add({ service: 'ec2', operation: 'StartInstances', times: anyTime, effect: denied() });
    await replace();
    const recovery = await recovered(stage, 'box');
    expect(recovery).toMatchObject({ state: 'stranded', application: 'down' });
    expect(recovery?.leftovers).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`${old().id} is stopped`),
        `${publicIp} leads to ${old().id}.`,
        `aws ec2 start-instances --instance-ids ${old().id}`,
        expect.stringContaining(`aws ec2 delete-tags --resources ${old().id}`),
      ]),
    );
    remove();
    await recover(stage, { rollBack: { workload: 'box', recoveryId: 'recovery-1' } }, 'again');
    await expectUndone();
  });

  it('since the old one was terminated meanwhile: the new one is left running, and named', async () => {
    await begin(stage, { workload: 'box', replace: true });
    await stage.time.until(() => old().state === 'stopped', 10 * minuteMs);
    stage.services.ec2.arrange.instanceTerminated(old().id);
    await end(stage);
    const recovery = await recovered(stage, 'box');
    expect(recovery).toMatchObject({ state: 'stranded', application: 'runs-on-restored' });
    expect(made()?.state).toBe('running');
    expect(recovery?.leftovers?.join('\n')).toContain(`${made()?.id} is what there is of it`);
  });
});

describe('is refused before anything is touched', () => {
  async function refused(spec: Partial<LaunchSpec>): Promise<string> {
    await open({ elasticIp: publicIp, ...spec });
    const words = failureOf(await replace());
    expect(launched()).toEqual([]);
    expect(old().state).toBe('running');
    return words;
  }

  it('with every reason at once', async () => {
    const words = await refused({ disableApiStop: true, autoScalingGroup: 'web', elasticIpOwner: '999988887777' });
    expect(words).toMatch(/^InvalidRequest: /);
    expect(words).toContain(`aws ec2 modify-instance-attribute --instance-id ${old().id} --no-disable-api-stop`);
    expect(words).toContain('in the Auto Scaling group web');
    expect(words).toContain(`${publicIp} leads to ${old().id} and is of the account 999988887777`);
  });

  it('where the new one would lack the role', async () => {
    const another = nightly({ box: appliance({ members: [{ kind: 'ami', instance: box.instance }] }) });
    stage = await openStage({ policy: another });
    world().launchInstance({ name: 'box', roleArn });
    await night(stage);
    expect(failureOf(await replace())).toContain('name its role in the policy (role, of its member), and deploy');
  });

  it('where the present one is gone', async () => {
    await open();
    stage.services.ec2.arrange.instanceTerminated(old().id);
    await stage.time.advance(2 * minuteMs);
    expect(failureOf(await replace())).toContain('so there is nothing to replace. Recover without --replace.');
  });

  it('of some volumes', async () => {
    await open();
    expect(failureOf(await recover(stage, { workload: 'box', replace: true, volumes: ['/dev/sdf'] }))).toContain(
      '--replace is for whole instances',
    );
  });

  it('of a workload without images', async () => {
    stage = await openStage({ policy: nightly() });
    await night(stage);
    expect(failureOf(await recover(stage, { workload: 'appliance', replace: true }))).toContain(
      '--replace is for members of kind ami, and the point has none',
    );
    expect(world().instance(applianceId).state).toBe('running');
  });
});
