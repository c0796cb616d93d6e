import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { ApiError } from '../../kernel/service.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import type { WireReply, WireRequest } from '../../wire/message.ts';
import type { InnerCall } from '../perform.ts';
import { createLambda, type Lambda } from './create-lambda.ts';
import type { FunctionSettings } from './function-settings.ts';
import { currentScope, guardCalls, withinReach } from './invocation-scope.ts';

const CODE = `
const atLoad = process.env.COLOUR;
let count = 0;
export const echo = (event) => ({ event, atLoad, now: process.env.COLOUR, count: ++count, home: process.env.HOME ?? null });
export const slow = (event) => new Promise((resolve) => setTimeout(() => resolve('late'), event.ms));
export const fail = () => { throw Object.assign(new Error('no'), { name: 'BusyFault', code: 42 }); };
export const noisy = () => { console.log('one', { two: 2 }); process.stdout.write(JSON.stringify({ _aws: { CloudWatchMetrics: [{ Namespace: 'Holdfast', Dimensions: [['workload']], Metrics: [{ Name: 'Runs' }] }] }, workload: 'db', Runs: 3 }) + '\\n'); };
export const calls = async () => { await globalThis.awsCall(); await globalThis.awsCall(); return 'done'; };
let asked = 0;
export const asks = async (event) => { for (let n = 0; n < event.times; n += 1) await globalThis.awsCall(); return ++asked; };
`;

/** An SDK client's nth attempt at a call. */
const attempt = (nth: number, service = 'ec2'): WireRequest => ({
  ...{ method: 'POST', host: 'ec2.eu-west-1.amazonaws.com', path: '/', query: {}, body: new Uint8Array() },
  headers: {
    'amz-sdk-request': `attempt=${nth}; max=3`,
    authorization: `AWS4-HMAC-SHA256 Credential=ASIA/20260115/eu-west-1/${service}/aws4_request, Signature=0`,
  },
});
const accepted: WireReply = { status: 200, headers: {}, body: new Uint8Array() };
const refused: WireReply = { ...accepted, status: 503 };

const folder = mkdtempSync(join(tmpdir(), 'lambda-test-'));
writeFileSync(join(folder, 'index.mjs'), CODE);

let time: VirtualTime;
let kernel: OpenKernel;
let lambda: Lambda;
let performed: InnerCall[];
let metrics: string[];

function settings(handler: string, more: Partial<FunctionSettings> = {}): FunctionSettings {
  return {
    ...{ name: handler, arn: `arn:aws:lambda:eu-west-1:111122223333:function:${handler}` },
    ...{ codeDirectory: folder, handler: `index.${handler}`, roleArn: 'arn:aws:iam::111122223333:role/r' },
    ...{ accessKeyId: 'ASIA', environment: { COLOUR: handler }, timeoutSeconds: 3, memoryMib: 128, ...more },
  };
}

async function invoke(name: string, event: unknown = {}, type = 'RequestResponse') {
  const caller = { kind: 'operator', arn: '', name: '' } as const;
  const call = { id: '', service: 'lambda', operation: 'Invoke', caller, timeMs: 0 };
  const input = {
    FunctionName: name,
    InvocationType: type,
    Payload: new Uint8Array(Buffer.from(JSON.stringify(event))),
  };
  const reply: { FunctionError?: string; Payload?: Uint8Array } = Object(await lambda.operations.Invoke?.(input, call));
  return {
    error: reply.FunctionError,
    payload: reply.Payload ? JSON.parse(Buffer.from(reply.Payload).toString()) : null,
  };
}

const newLambda = (reuseModules = false): Lambda =>
  createLambda(kernel, {
    reuseModules,
    perform: async (call) => void performed.push(call),
    recordMetric: (namespace, name, dimensions, value) =>
      void metrics.push(`${namespace} ${name} ${Object.values(dimensions)} ${value}`),
  });

beforeEach(() => {
  time = installVirtualTime({ startMs: 1_000_000 });
  kernel = createKernel({ seed: 1, account: '111122223333' });
  [performed, metrics] = [[], []];
  lambda = newLambda();
});
afterEach(() => {
  lambda.close();
  time.uninstall();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a function', () => {
  it('sees its own environment, from its module’s first line on, and nothing of this process', async () => {
    await lambda.deploy(settings('echo'));
    await lambda.deploy(settings('echo', { name: 'other', environment: { COLOUR: 'red' } }));
    const [echo, other] = [await time.drive(invoke('echo', { a: 1 })), await time.drive(invoke('other'))];
    expect(echo.payload).toEqual({ event: { a: 1 }, atLoad: 'echo', now: 'echo', count: 1, home: null });
    expect(other.payload).toMatchObject({ atLoad: 'red', now: 'red', count: 1 });
    expect(process.env.COLOUR).toBeUndefined();
  });

  it('starts cold once, then warm, and cold again after idling', async () => {
    await lambda.deploy(settings('echo'));
    const durations: number[] = [];
    for (const idleMs of [0, 0, 3_600_000]) {
      await time.advance(idleMs);
      const startedMs = kernel.clock.nowMs();
      await time.drive(invoke('echo'));
      durations.push(kernel.clock.nowMs() - startedMs);
    }
    expect(durations).toEqual([300, 5, 300]);
  });

  it('answers a failure with name, message and trace only', async () => {
    await lambda.deploy(settings('fail'));
    const { error, payload } = await time.drive(invoke('fail'));
    expect(error).toBe('Unhandled');
    expect(Object.keys(payload)).toEqual(['errorType', 'errorMessage', 'trace']);
    expect(payload).toMatchObject({ errorType: 'BusyFault', errorMessage: 'no' });
    expect(metrics).toContain('AWS/Lambda Errors fail 1');
  });

  it('is killed at its time limit', async () => {
    await lambda.deploy(settings('slow'));
    const { payload } = await time.drive(invoke('slow', { ms: 60_000 }));
    expect(payload.errorType).toBe('Sandbox.Timedout');
    expect(payload.errorMessage).toContain('after 3.00 seconds');
    expect((await time.drive(invoke('slow', { ms: 2000 }))).payload).toBe('late');
  });

  it('keeps what it writes, and turns embedded metrics into metrics', async () => {
    await lambda.deploy(settings('noisy'));
    await time.drive(invoke('noisy'));
    expect(lambda.logs('noisy').map(({ text }) => text)[0]).toBe('one { two: 2 }');
    expect(metrics).toContain('Holdfast Runs db 3');
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('planned to crash after %i calls has had the effect of %i', async (afterCalls, effects) => {
    let effect = 0;
    const handle = guardCalls(async () => {
      expect(currentScope()).toBeUndefined();
      effect += 1;
      return accepted;
    });
    Reflect.set(globalThis, 'awsCall', () => handle(attempt(1)));
    await lambda.deploy(settings('calls'));
    lambda.crash({ functionName: 'calls', afterCalls, skip: 1 });
    expect((await time.drive(invoke('calls'))).payload).toBe('done');
    effect = 0;
    expect((await time.drive(invoke('calls'))).payload.errorType).toBe('Runtime.ExitError');
    expect(effect).toBe(effects);
    expect((await time.drive(invoke('calls'))).payload).toBe('done');
  });

  it.each([
    ['so many retries that its clients may run out of them', [2], refused, 26, 1],
    ['as many first attempts that fail', [1], refused, 26, 3],
    ['few retries', [2], refused, 10, 3],
    ['as many retries that succeed', [2], accepted, 26, 3],
    ['as many of two clients together', [2, 2], refused, 26, 3],
  ])('shared by two regions, is a new one in the second only after %s', async (what, nths, reply, times, count) => {
    const handle = guardCalls(async () => reply);
    let calls = 0;
    Reflect.set(globalThis, 'awsCall', () => {
      calls += 1;
      const client = calls % nths.length;
      return handle(attempt(nths[client] ?? 1, `service-${client}`));
    });
    const key = { environment: { CASE: what } };
    for (const expected of [1, count]) {
      lambda.close();
      lambda = newLambda(true);
      await lambda.deploy(settings('asks', key));
      expect((await time.drive(invoke('asks', { times }))).payload).toBe(expected);
      await time.drive(invoke('asks', { times }));
    }
  });

  it('is shared on once successes have given back what retries took', async () => {
    const replies = [...Array(45).fill(refused), ...Array(60).fill(accepted), ...Array(45).fill(refused)];
    const handle = guardCalls(async () => replies.shift() ?? accepted);
    Reflect.set(globalThis, 'awsCall', () => handle(attempt(replies.length > 60 && replies.length <= 105 ? 1 : 2)));
    for (const expected of [1, 2]) {
      lambda.close();
      lambda = newLambda(true);
      await lambda.deploy(settings('asks', { environment: { CASE: 'given back' } }));
      expect((await time.drive(invoke('asks', { times: 75 }))).payload).toBe(expected);
    }
  });

  it.each([
    ['in no VPC reaches what is public', undefined, undefined, true],
    ['in no VPC does not reach what is in one', undefined, ['subnet-1'], false],
    ['in a VPC reaches what is in it', ['subnet-2', 'subnet-1'], ['subnet-1'], true],
    ['in a VPC does not reach what is in another', ['subnet-2'], ['subnet-1'], false],
    ['in a VPC does not reach what is public', ['subnet-2'], undefined, false],
  ])('%s', async (_, subnets, wanted, isReached) => {
    const handle = withinReach(
      () => wanted,
      guardCalls(async () => accepted),
    );
    Reflect.set(globalThis, 'awsCall', () => handle(attempt(1)));
    await lambda.deploy(settings('calls', subnets === undefined ? {} : { subnets }));
    const { payload } = await time.drive(invoke('calls'));
    expect(isReached ? payload : payload.errorType).toBe(isReached ? 'done' : 'Sandbox.Timedout');
  });

  it('refuses more than its reserved concurrency', async () => {
    await lambda.deploy(settings('slow', { reservedConcurrency: 1 }));
    const first = invoke('slow', { ms: 1000 });
    await expect(invoke('slow')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect((await time.drive(first)).payload).toBe('late');
    expect(metrics).toContain('AWS/Lambda Throttles slow 1');
  });

  it('fails at deployment when its module cannot start', async () => {
    await expect(lambda.deploy(settings('nothing'))).rejects.toThrow('index.nothing is not a function');
    await expect(lambda.deploy(settings('echo', { handler: 'absent.echo' }))).rejects.toThrow('absent.echo');
    await expect(invoke('nothing')).rejects.toBeInstanceOf(ApiError);
  });
});

describe('an asynchronous invocation', () => {
  it('is tried again after one and two minutes, then goes to the failure destination', async () => {
    await lambda.deploy(settings('fail'));
    const queue = 'arn:aws:sqs:eu-west-1:111122223333:failures';
    lambda.setAsync('fail', { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailureArn: queue });
    await invoke('fail', { id: 7 }, 'Event');
    await time.advance(170_000);
    expect(metrics.filter((each) => each.includes('Invocations'))).toHaveLength(2);
    await time.advance(60_000);
    expect(metrics.filter((each) => each.includes('Invocations'))).toHaveLength(3);
    expect(performed).toHaveLength(1);
    expect(performed[0]).toMatchObject({ service: 'sqs', operation: 'SendMessage', caller: { name: 'function:fail' } });
    const letter: { MessageBody?: string } = Object(performed[0]?.input);
    expect(JSON.parse(letter.MessageBody ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { id: 7 },
      responsePayload: { errorType: 'BusyFault' },
    });
  });

  it('without a destination is counted as lost', async () => {
    await lambda.deploy(settings('fail'));
    lambda.setAsync('fail', { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 });
    await invoke('fail', {}, 'Event');
    await time.advance(10_000);
    expect(lambda.lost).toHaveLength(1);
  });

  it('waits while the function is throttled', async () => {
    await lambda.deploy(settings('slow', { reservedConcurrency: 1 }));
    for (let count = 0; count < 3; count += 1) await invoke('slow', { ms: 2000 }, 'Event');
    await time.advance(60_000);
    expect(metrics.filter((each) => each === 'AWS/Lambda Errors slow 0')).toHaveLength(3);
  });
});
