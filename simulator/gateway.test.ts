import { CreateSnapshotsCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from './gateway.ts';
import { createIdentities } from './iam/identity.ts';
import { parsePolicy } from './iam/policy.ts';
import { createKernel, type OpenKernel } from './kernel/create-kernel.ts';
import { denied, throttled } from './kernel/faults.ts';
import { seedMathRandom } from './kernel/seeded-chance.ts';
import type { Service } from './kernel/service.ts';
import { installVirtualTime, type VirtualTime } from './kernel/virtual-time.ts';
import { clientSettings } from './wire/client-settings.ts';

const START_MS = Date.parse('2026-03-01T02:00:00Z');
const ROLE_ARN = 'arn:aws:iam::123456789012:role/begin-run';
const create = () => new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: 'i-1' } });

let time: VirtualTime;
let kernel: OpenKernel;
let gateway: Gateway;
let created: number[];
let ec2: EC2Client;

/** An EC2 of two operations, one of them broken. */
function tinyEc2(): Service {
  return {
    name: 'ec2',
    client: () => import('@aws-sdk/client-ec2'),
    operations: {
      CreateSnapshots: () => {
        created.push(kernel.clock.nowMs() - START_MS);
        return { Snapshots: [{ SnapshotId: `snap-${created.length}` }] };
      },
      DescribeInstances: () => {
        throw new TypeError('a bug');
      },
    },
    access: (operation) => [
      { action: `ec2:${operation}`, resource: 'arn:aws:ec2:eu-west-1:123456789012:instance/i-1' },
      { action: 'ec2:CreateTags', resource: '*', context: { 'ec2:CreateAction': operation } },
    ],
    buckets: (operation) =>
      operation === 'CreateSnapshots' ? [{ bucket: 'create', tokens: 1, capacity: 2, refillPerSecond: 0.1 }] : [],
  };
}

function role(statements: readonly object[]): EC2Client {
  identities.register('AKIAROLE', {
    caller: { kind: 'role', arn: ROLE_ARN, name: 'function:begin-run' },
    policies: [parsePolicy('inline', { Statement: statements })],
  });
  return new EC2Client({ ...clientSettings(gateway, 'AKIAROLE'), maxAttempts: 1 });
}

let identities = createIdentities('123456789012');

beforeEach(() => {
  time = installVirtualTime({ startMs: START_MS });
  kernel = createKernel({ seed: 7 });
  created = [];
  identities = createIdentities(kernel.account);
  gateway = createGateway(kernel, [tinyEc2()], identities);
  ec2 = new EC2Client(clientSettings(gateway));
});

afterEach(() => time.uninstall());

describe('the gateway', () => {
  it('accepts a call after the latency of the network, and logs it', async () => {
    await time.drive(ec2.send(create()));
    expect(created).toEqual([20]);
    expect(kernel.calls.of('ec2', 'CreateSnapshots')).toMatchObject([
      {
        call: { service: 'ec2', operation: 'CreateSnapshots', caller: { kind: 'operator' }, timeMs: START_MS + 20 },
        input: { InstanceSpecification: { InstanceId: 'i-1' } },
        outcome: 'ok',
        endedMs: START_MS + 20,
      },
    ]);
    expect(kernel.calls.mutating()).toHaveLength(1);
  });

  it('refuses by a fault before any effect, and lets the SDK try again', async () => {
    kernel.faults.add({ service: 'ec2', operation: 'CreateSnapshots', effect: throttled(), times: 1 });
    const { Snapshots } = await time.drive(ec2.send(create()));
    expect(Snapshots?.[0]?.SnapshotId).toBe('snap-1');
    expect(kernel.calls.all().map(({ outcome, errorCode }) => errorCode ?? outcome)).toEqual([
      'RequestLimitExceeded',
      'ok',
    ]);
  });

  it('loses a reply after the effect, so that the SDK does it twice', async () => {
    kernel.faults.add({ service: 'ec2', effect: { kind: 'lose-reply' } });
    const { Snapshots } = await time.drive(ec2.send(create()));
    expect(Snapshots?.[0]?.SnapshotId).toBe('snap-2');
    expect(kernel.calls.all().map(({ outcome }) => outcome)).toEqual(['lost', 'ok']);
  });

  it('delivers twice with one reply, and delays', async () => {
    kernel.faults.add({ skip: 1, effect: { kind: 'delay', ms: 5000 } });
    kernel.faults.add({ effect: { kind: 'deliver-twice' } });
    const { Snapshots } = await time.drive(ec2.send(create()));
    expect(Snapshots?.[0]?.SnapshotId).toBe('snap-1');
    expect(created).toEqual([20, 20]);
    expect(kernel.faults.unused()).toMatchObject([{ effect: { kind: 'delay' } }]);
  });

  it('throttles by token buckets in virtual time', async () => {
    const impatient = new EC2Client({ ...clientSettings(gateway), maxAttempts: 1 });
    await time.drive(Promise.all([impatient.send(create()), impatient.send(create())]));
    await expect(time.drive(impatient.send(create()))).rejects.toMatchObject({
      name: 'RequestLimitExceeded',
      $metadata: { httpStatusCode: 503 },
    });
    await time.advance(10_000);
    await time.drive(impatient.send(create()));
    expect(created).toHaveLength(3);
  });

  it('lets a role do what its policies allow, every access of the call', async () => {
    const allowed = { Effect: 'Allow', Action: 'ec2:CreateSnapshots', Resource: '*' };
    const tagging = {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: '*',
      Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
    };
    await time.drive(role([allowed, tagging]).send(create()));
    const sent = time.drive(role([allowed]).send(create()));
    await expect(sent).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringMatching(/role\/begin-run .*ec2:CreateTags on resource: \* because no identity-based/),
      $metadata: { httpStatusCode: 403 },
    });
    expect(created).toHaveLength(1);
  });

  it('applies faults to one caller only', async () => {
    kernel.faults.add({ caller: 'function:begin-run', effect: denied('UnauthorizedOperation'), times: Infinity });
    await time.drive(ec2.send(create()));
    await expect(time.drive(role([{ Effect: 'Allow', Action: '*', Resource: '*' }]).send(create()))).rejects.toThrow(
      'not authorized',
    );
  });

  it('refuses what was signed for another Region', async () => {
    const elsewhere = new EC2Client({ ...clientSettings(gateway, 'AKIAOPERATOR', 'us-west-2'), maxAttempts: 1 });
    await expect(time.drive(elsewhere.send(create()))).rejects.toMatchObject({
      name: 'AuthFailure',
      message: "Credential should be scoped to a valid region, not 'us-west-2': this is eu-west-1.",
      $metadata: { httpStatusCode: 401 },
    });
    expect(created).toEqual([]);
  });

  it('names an operation that is not simulated, and remembers it', async () => {
    const impatient = new EC2Client({ ...clientSettings(gateway), maxAttempts: 1 });
    await expect(time.drive(impatient.send(new DescribeVolumesCommand({})))).rejects.toMatchObject({
      name: 'UnknownOperation',
      message: 'ec2:DescribeVolumes is not simulated',
    });
    expect(gateway.unknownOperations).toEqual(['ec2:DescribeVolumes']);
  });

  it('reports a bug of the simulation as a crash, not as a refusal', async () => {
    const caller = { kind: 'operator', arn: 'arn:aws:iam::123456789012:user/o', name: 'operator' } as const;
    const done = gateway.perform({ caller, service: 'ec2', operation: 'DescribeInstances', input: {} });
    await expect(time.drive(done)).rejects.toMatchObject({ name: 'InternalError', status: 500 });
    expect(gateway.crashes).toMatchObject([{ call: { operation: 'DescribeInstances' }, error: { message: 'a bug' } }]);
  });

  it('checks a call from inside the region by its role too', async () => {
    role([{ Effect: 'Deny', Action: '*', Resource: '*' }]);
    const caller = { kind: 'role', arn: ROLE_ARN, name: 'state-machine:protect' } as const;
    const done = gateway.perform({ caller, service: 'ec2', operation: 'CreateSnapshots', input: {} });
    await expect(time.drive(done)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });

  it('gives the same times and ids on every run, retries included', async () => {
    const run = async (seed: number) => {
      const ground = createKernel({ seed });
      const restore = seedMathRandom(ground.random.fork('process'));
      const startMs = time.nowMs();
      ground.faults.add({ effect: throttled(), times: 2 });
      const door = createGateway(ground, [tinyEc2()], createIdentities(ground.account));
      await time.drive(new EC2Client(clientSettings(door)).send(create()));
      restore();
      return ground.calls.all().map(({ call }) => [call.id, call.timeMs - startMs]);
    };
    const first = await run(1);
    expect(first).toHaveLength(3);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });
});
