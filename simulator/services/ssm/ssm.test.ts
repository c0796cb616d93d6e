import type {
  DescribeInstanceInformationResult,
  GetCommandInvocationResult,
  GetParameterResult,
  ListCommandInvocationsResult,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { createTestFleet } from '../ec2/fleet-for-tests.ts';
import { createSsm } from './ssm.ts';

const HOOK = {
  schemaVersion: '2.2',
  description: 'holds file systems',
  parameters: {
    action: { type: 'String', allowedValues: ['quiesce', 'release', 'check'] },
    run: { type: 'String', allowedPattern: '^[a-zA-Z0-9._-]{1,80}$' },
    deadlineSeconds: { type: 'String', default: '30' },
    mounts: { type: 'String', default: 'auto' },
    executionTimeout: { type: 'String', default: '60' },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'hook',
      inputs: {
        timeoutSeconds: '{{ executionTimeout }}',
        runCommand: [
          "export ACTION='{{ action }}' RUN='{{ run }}' DEADLINE='{{ deadlineSeconds }}' MOUNTS='{{ mounts }}'",
          '#!/bin/sh',
          '# holdfast-guest: filesystem-hook',
        ],
      },
    },
  ],
};
const VERIFY = {
  schemaVersion: '2.2',
  parameters: { path: { type: 'String' } },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'verify',
      inputs: { timeoutSeconds: '60', runCommand: ["export P='{{ path }}'", '# holdfast-guest: verify'] },
    },
  ],
};

function setUp() {
  const fleet = createTestFleet();
  const ssm = createSsm(fleet.kernel, fleet.ec2, () => Promise.reject(new Error('no guest asks here')));
  ssm.createDocument({ name: 'hook', content: HOOK, tags: { owner: 'holdfast' } });
  ssm.createDocument({ name: 'verify', content: JSON.stringify(VERIFY) });
  const ask = <Output>(operation: string, input: object) => fleet.kernel.call<Output>(ssm, operation, input);
  const send = async (Parameters: Record<string, string[]>, more: object = {}) => {
    const request = { DocumentName: 'hook', InstanceIds: [fleet.instanceId], Parameters, ...more };
    const { Command } = await ask<SendCommandResult>('SendCommand', request);
    return Command?.CommandId ?? '';
  };
  const get = (CommandId: string) =>
    ask<GetCommandInvocationResult>('GetCommandInvocation', { CommandId, InstanceId: fleet.instanceId });
  return { ...fleet, ssm, ask, send, get, guest: fleet.ec2.world.guest('db') };
}

const quiesce = { action: ['quiesce'], run: ['night-1'] };

describe('Run Command', () => {
  it('does not know an invocation at first, then runs the script and gives its answer', async () => {
    const { kernel, send, get, ask, guest } = setUp();
    const id = await send(quiesce);
    await expect(get(id)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
    const early = await ask<ListCommandInvocationsResult>('ListCommandInvocations', { CommandId: id });
    expect(early.CommandInvocations).toEqual([]);
    await kernel.advance(2_000);
    const result = await get(id);
    expect(result).toMatchObject({ Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 });
    expect(result.StandardOutputContent).toMatch(
      /^holdfast \{"result":"quiesced","armedAt":\d+,"at":\d+,"until":\d+\}\n$/,
    );
    expect(guest.isFrozen('/data')).toBe(true);
  });

  it('reports a failing script with its exit code and stderr', async () => {
    const { kernel, send, get } = setUp();
    const id = await send({ ...quiesce, mounts: ['/'] });
    await kernel.advance(2_000);
    expect(await get(id)).toMatchObject({
      Status: 'Failed',
      ResponseCode: 1,
      StandardErrorContent: expect.stringContaining('never frozen'),
    });
  });

  it('checks parameters against the document', async () => {
    const { send } = setUp();
    const invalid = { name: 'InvalidParameters' };
    await expect(send({ action: ['explode'], run: ['r'] })).rejects.toMatchObject(invalid);
    await expect(send({ action: ['check'], run: ["r'; reboot"] })).rejects.toMatchObject(invalid);
    await expect(send({ action: ['check'] })).rejects.toMatchObject(invalid);
    await expect(send({ ...quiesce, colour: ['red'] })).rejects.toMatchObject(invalid);
    await expect(send(quiesce, { DocumentName: 'none' })).rejects.toMatchObject({ name: 'InvalidDocument' });
  });

  it('refuses documents that no guest here could run, or that forget a parameter', () => {
    const { ssm } = setUp();
    const [step] = VERIFY.mainSteps;
    const withScript = (runCommand: string[]) => ({ ...VERIFY, mainSteps: [{ ...step, inputs: { runCommand } }] });
    expect(() => ssm.createDocument({ name: 'a', content: withScript(['echo {{ path }}']) })).toThrow('no model');
    expect(() => ssm.createDocument({ name: 'b', content: withScript(['# holdfast-guest: verify']) })).toThrow(
      'never reads parameter path',
    );
  });

  it('waits for an agent that is away until the delivery timeout; refuses one that never registered', async () => {
    const { kernel, ec2, send, get, instanceId, guest } = setUp();
    ec2.arrange.agentOffline(instanceId);
    const late = await send(quiesce, { TimeoutSeconds: 60 });
    await kernel.advance(30_000);
    expect((await get(late)).Status).toBe('Pending');
    await kernel.advance(31_000);
    expect(await get(late)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'Delivery Timed Out',
      ResponseCode: -1,
    });
    expect(guest.isFrozen('/data')).toBe(false);
    const early = await send(quiesce, { TimeoutSeconds: 60 });
    ec2.arrange.agentOnline(instanceId);
    await kernel.advance(10_000);
    expect((await get(early)).Status).toBe('Success');
    const alien = ec2.world.launchInstance({ name: 'alien', agent: 'none' });
    await expect(send(quiesce, { InstanceIds: [alien.id] })).rejects.toMatchObject({ name: 'InvalidInstanceId' });
  });

  it('an agent that dies mid-run leaves its invocation in progress to the end of both timeouts, while the guest’s timer lets go', async () => {
    const { kernel, ssm, send, get, instanceId, guest } = setUp();
    ssm.arrange.agentDiesMidCommand(instanceId);
    const id = await send(quiesce, { TimeoutSeconds: 60 });
    await kernel.advance(5_000);
    expect(guest.isFrozen('/data')).toBe(true);
    await kernel.advance(30_000);
    expect(guest.isFrozen('/data')).toBe(false);
    await kernel.advance(80_000);
    expect((await get(id)).Status).toBe('InProgress');
    await kernel.advance(10_000);
    expect(await get(id)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Delivery Timed Out' });
  });

  it('an agent that comes back knows nothing of the command it died over', async () => {
    const { kernel, ec2, ssm, send, get, instanceId, guest } = setUp();
    guest.installProgram('/opt/slow', async (machine) => {
      await machine.sleep(10_000);
      return 0;
    });
    ssm.arrange.agentDiesMidCommand(instanceId);
    const id = await send({ path: ['/opt/slow'] }, { DocumentName: 'verify', TimeoutSeconds: 60 });
    await kernel.advance(5_000);
    ec2.arrange.agentOnline(instanceId);
    await kernel.advance(15_000);
    expect((await get(id)).Status).toBe('InProgress');
  });

  it('times out a script that runs too long', async () => {
    const { kernel, send, get, guest } = setUp();
    guest.installProgram('/opt/slow', async (machine) => {
      await machine.sleep(600_000);
      return 0;
    });
    const id = await send({ path: ['/opt/slow'] }, { DocumentName: 'verify' });
    await kernel.advance(62_000);
    expect(await get(id)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Execution Timed Out' });
  });

  it('cuts output, runs twice what is sent twice, and reaches no machine whose root is frozen', async () => {
    const { kernel, send, get, guest } = setUp();
    let runs = 0;
    guest.installProgram('/opt/loud', () => {
      runs += 1;
      return { exitCode: 0, stdout: 'x'.repeat(30_000), stderr: 'y'.repeat(30_000) };
    });
    const loud = () => send({ path: ['/opt/loud'] }, { DocumentName: 'verify', TimeoutSeconds: 60 });
    const id = await loud();
    await loud();
    await kernel.advance(2_000);
    const result = await get(id);
    expect([result.StandardOutputContent?.length, result.StandardErrorContent?.length]).toEqual([24_000, 8_000]);
    expect(runs).toBe(2);
    guest.freeze('/');
    const never = await loud();
    await kernel.advance(61_000);
    expect((await get(never)).StatusDetails).toBe('Delivery Timed Out');
  });

  it('cancels what has not started', async () => {
    const { kernel, send, get, ask, guest } = setUp();
    const id = await send(quiesce);
    await ask('CancelCommand', { CommandId: id });
    await kernel.advance(5_000);
    expect((await get(id)).Status).toBe('Cancelled');
    expect(guest.isFrozen('/data')).toBe(false);
  });

  it('tells every change of status by events', async () => {
    const { kernel, send } = setUp();
    await send(quiesce);
    await kernel.advance(2_000);
    expect(kernel.events.map((event) => [event.detailType.split(' ')[2], event.detail.status])).toEqual([
      ['Status-change', 'Pending'],
      ['Invocation', 'InProgress'],
      ['Invocation', 'Success'],
      ['Status-change', 'Success'],
    ]);
  });

  it('needs the document and each instance from IAM', () => {
    const { ssm, instanceId } = setUp();
    const accesses = ssm.access('SendCommand', { DocumentName: 'hook', InstanceIds: [instanceId] });
    expect(accesses.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'ssm:SendCommand arn:aws:ssm:eu-west-1:111122223333:document/hook',
      `ssm:SendCommand arn:aws:ec2:eu-west-1:111122223333:instance/${instanceId}`,
    ]);
    expect(accesses[1]?.context).toMatchObject({ 'ssm:resourceTag/holdfast:workload': 'shop' });
    expect(ssm.access('GetCommandInvocation', {})).toEqual([{ action: 'ssm:GetCommandInvocation', resource: '*' }]);
  });

  it('lists machines in pages of ten unless told, of fifty at most', async () => {
    const { ec2, ask } = setUp();
    for (let index = 1; index < 12; index += 1) ec2.world.launchInstance({ name: `more-${index}` });
    const list = (input: object) => ask<DescribeInstanceInformationResult>('DescribeInstanceInformation', input);
    const { InstanceInformationList: first = [], NextToken } = await list({});
    const { InstanceInformationList: second = [], ...last } = await list({ NextToken });
    expect(new Set([...first, ...second].map(({ InstanceId }) => InstanceId)).size).toBe(12);
    expect([first.length, last.NextToken]).toEqual([10, undefined]);
    await expect(list({ MaxResults: 51 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('lists machines with their agents’ state, and drops stopped ones', async () => {
    const { kernel, ec2, ask, instanceId } = setUp();
    const other = ec2.world.launchInstance({ name: 'other', agent: 'offline' });
    const list = () => ask<{ InstanceInformationList: object[] }>('DescribeInstanceInformation', {});
    expect((await list()).InstanceInformationList).toMatchObject([
      { InstanceId: instanceId, PingStatus: 'Online' },
      { InstanceId: other.id, PingStatus: 'ConnectionLost' },
    ]);
    await kernel.call(ec2, 'StopInstances', { InstanceIds: [instanceId] });
    await kernel.advance(60_000);
    expect((await list()).InstanceInformationList).toMatchObject([{ InstanceId: other.id }]);
  });
});

describe('simulated Parameter Store', () => {
  it('shows the type of a parameter, and of a SecureString no text unless it is to be decrypted; what is put over it may be another', async () => {
    const { ask } = setUp();
    const Name = '/orders/cache';
    const read = async (more = {}) =>
      (await ask<GetParameterResult>('GetParameter', { Name, ...more })).Parameter ?? {};
    await ask('PutParameter', { Name, Value: 'host:6379', Type: 'SecureString' });
    const { Type, Value } = await read();
    expect(Type).toBe('SecureString');
    expect(Value).not.toContain('host');
    expect(await read({ WithDecryption: true })).toMatchObject({ Type, Value: 'host:6379' });
    await ask('PutParameter', { Name, Value: 'new:6379', Type: 'String', Overwrite: true });
    expect(await read()).toMatchObject({ Type: 'String', Value: 'new:6379' });
  });
});
