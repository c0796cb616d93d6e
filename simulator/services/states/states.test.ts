import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKernel, type OpenKernel } from '../../kernel/create-kernel.ts';
import { ApiError, type ServiceEvent } from '../../kernel/service.ts';
import { installVirtualTime, type VirtualTime } from '../../kernel/virtual-time.ts';
import type { InnerCall } from '../perform.ts';
import { createStates, type States } from './create-states.ts';
import { type Execution, transitions } from './execution.ts';

type Behaviour = (payload: Record<string, unknown>) => unknown;

const HOUR_MS = 3_600_000;
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:';
const call = (name: string) => ({ FunctionName: `${FUNCTION}${name}`, 'Payload.$': '$' });
const task = (name: string, more: object = {}) => ({
  ...{ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: call(name), End: true },
  ...more,
});

let time: VirtualTime;
let kernel: OpenKernel;
let states: States;
let functions: Record<string, Behaviour>;
let invoked: { readonly name: string; readonly atMs: number }[];
let emitted: ServiceEvent[];
let metrics: string[];

function failing(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

async function perform({ input }: InnerCall): Promise<unknown> {
  const { FunctionName: arn, Payload: bytes } = input as { FunctionName: string; Payload: Uint8Array };
  const name = arn.slice(FUNCTION.length);
  invoked.push({ name, atMs: kernel.clock.nowMs() });
  const encode = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));
  try {
    const result = await functions[name]?.(JSON.parse(Buffer.from(bytes).toString()));
    return { StatusCode: 200, Payload: encode(result ?? null) };
  } catch (thrown) {
    if (thrown instanceof ApiError || !(thrown instanceof Error)) throw thrown;
    const error = { errorType: thrown.name, errorMessage: thrown.message, trace: [] };
    return { StatusCode: 200, FunctionError: 'Unhandled', Payload: encode(error) };
  }
}

function deploy(definition: object): void {
  states.deploy({
    name: 'machine',
    roleArn: 'arn:aws:iam::111122223333:role/r',
    definition: JSON.stringify(definition),
  });
}

async function operation(name: string, input: object): Promise<Record<string, unknown>> {
  const caller = { kind: 'operator', arn: '', name: '' } as const;
  const known = { id: '', service: 'states', operation: name, caller, timeMs: 0 };
  return Object(await states.operations[name]?.(input, known)) as Record<string, unknown>;
}

async function start(input: unknown = {}, name = 'one'): Promise<Execution> {
  const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:machine';
  const { executionArn } = await operation('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) });
  const found = states.executions().find(({ arn }) => arn === executionArn);
  if (!found) throw new Error('not started');
  return found;
}

async function run(definition: object, input: unknown = {}): Promise<Execution> {
  deploy(definition);
  const execution = await start(input);
  await time.until(() => execution.status !== 'RUNNING', 400 * 24 * HOUR_MS);
  return execution;
}

const one = (state: object, more: object = {}) => ({ StartAt: 'A', States: { A: state }, ...more });

beforeEach(() => {
  time = installVirtualTime({ startMs: Date.parse('2026-01-01T00:00:00Z') });
  kernel = createKernel({ seed: 1, account: '111122223333' });
  [functions, invoked, emitted, metrics] = [{}, [], [], []];
  kernel.onEvent((event) => void emitted.push(event));
  states = createStates(kernel, { perform, recordMetric: (_, name) => void metrics.push(name) });
});
afterEach(() => time.uninstall());

describe('an execution', () => {
  it('passes the payload and wraps the answer as the API does', async () => {
    functions.f = (payload) => ({ got: payload });
    const execution = await run(one(task('f')), { a: null });
    expect(JSON.parse(execution.output ?? '')).toMatchObject({ StatusCode: 200, Payload: { got: { a: null } } });
    expect(transitions(execution)).toBe(1);
  });

  it('retries by exact name with growing intervals, and catches with a cause that is the function’s JSON', async () => {
    functions.f = () => {
      throw failing('TransientFault', 'slow down');
    };
    const retry = { ErrorEquals: ['TransientFault'], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 2 };
    const state = task('f', { Retry: [retry], Catch: [{ ErrorEquals: ['TransientFault'], Next: 'B' }] });
    const execution = await run({ StartAt: 'A', States: { A: state, B: { Type: 'Succeed' } } });
    const [first, second, third] = invoked.map(({ atMs }) => atMs);
    expect([Number(second) - Number(first), Number(third) - Number(second)]).toEqual([10_020, 20_020]);
    const caught = JSON.parse(execution.output ?? '');
    expect(caught.Error).toBe('TransientFault');
    expect(JSON.parse(caught.Cause)).toMatchObject({ errorMessage: 'slow down' });
    expect(transitions(execution)).toBe(4);
  });

  it('names Lambda’s own refusals as Step Functions does', async () => {
    functions.f = () => {
      throw new ApiError('TooManyRequestsException', 'Rate Exceeded.', 429);
    };
    expect((await run(one(task('f')))).error).toBe('Lambda.TooManyRequestsException');
  });

  it('times a task out while the function goes on unheard', async () => {
    functions.f = () => kernel.clock.sleep(HOUR_MS);
    const execution = await run(one(task('f', { TimeoutSeconds: 60 })));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect((execution.stopMs ?? 0) - execution.startMs).toBe(60_000);
  });

  it('takes a task’s time limit from the state’s input, whatever the parameters are', async () => {
    functions.f = (payload) => kernel.clock.sleep(HOUR_MS).then(() => payload);
    const parameters = { FunctionName: `${FUNCTION}f`, Payload: { x: 1 } };
    const limited = one(task('f', { TimeoutSecondsPath: '$.limit', Parameters: parameters }));
    const execution = await run(limited, { limit: 60 });
    expect((execution.stopMs ?? 0) - execution.startMs).toBe(60_000);
    expect(execution.error).toBe('States.Timeout');
  });

  it('has no time limit for tasks unless told', async () => {
    functions.f = () => kernel.clock.sleep(HOUR_MS);
    expect((await run(one(task('f')))).status).toBe('SUCCEEDED');
  });

  it('cannot catch its own time limit', async () => {
    functions.f = () => kernel.clock.sleep(HOUR_MS);
    const state = task('f', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] });
    const execution = await run({ StartAt: 'A', TimeoutSeconds: 90, States: { A: state, B: { Type: 'Succeed' } } });
    expect(execution.status).toBe('TIMED_OUT');
    expect(metrics).toContain('ExecutionsTimedOut');
  });

  it.each([
    ['too much data', () => 'x'.repeat(262_145), 'States.DataLimitExceeded'],
    ['a path that leads nowhere', () => ({}), 'States.Runtime'],
  ])('does not catch %s by States.ALL', async (_, behave, error) => {
    functions.f = behave;
    const selector = { 'v.$': '$.Payload.v' };
    const state = task('f', { ResultSelector: selector, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] });
    const execution = await run({ StartAt: 'A', States: { A: state, B: { Type: 'Succeed' } } });
    expect(execution).toMatchObject({ status: 'FAILED', error });
  });

  it('fails at 25,000 history events', async () => {
    const never = { Variable: '$.end', IsPresent: true, Next: 'C' };
    const choice = { Type: 'Choice', Choices: [never], Default: 'A' };
    const states = { A: { Type: 'Pass', Next: 'B' }, B: choice, C: { Type: 'Succeed' } };
    const execution = await run({ StartAt: 'A', States: states });
    expect(execution.status).toBe('FAILED');
    expect(execution.cause).toContain('25000');
  });

  it('shows the context object, also inside branches', async () => {
    const show = {
      Type: 'Pass',
      End: true,
      Parameters: {
        'name.$': '$$.Execution.Name',
        'in.$': '$$.Execution.Input.a',
        'since.$': '$$.State.EnteredTime',
        'state.$': '$$.State.Name',
      },
    };
    const branch = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, Next: 'X' }, X: { ...show } } };
    const execution = await run(one({ Type: 'Parallel', Branches: [branch], InputPath: '$.b', End: true }), {
      a: 1,
      b: {},
    });
    const expected = [{ name: 'one', in: 1, since: '2026-01-01T00:01:00.000Z', state: 'X' }];
    expect(JSON.parse(execution.output ?? '')).toEqual(expected);
  });

  it('counts retries in the context object', async () => {
    const seen: unknown[] = [];
    functions.f = (payload) => {
      seen.push(payload.count);
      throw failing('Again');
    };
    const parameters = { FunctionName: `${FUNCTION}f`, Payload: { 'count.$': '$$.State.RetryCount' } };
    await run(one(task('f', { Parameters: parameters, Retry: [{ ErrorEquals: ['Again'], MaxAttempts: 2 }] })));
    expect(seen).toEqual([0, 1, 2]);
  });

  it('does not call again from a branch that was given up', async () => {
    functions.bad = () => kernel.clock.sleep(5000).then(() => Promise.reject(failing('Fatal')));
    functions.flaky = () => {
      throw failing('Again');
    };
    const retry = { Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 60, MaxAttempts: 3 }] };
    const branches = [
      { StartAt: 'B', States: { B: task('bad') } },
      { StartAt: 'C', States: { C: task('flaky', retry) } },
    ];
    const caught = { Catch: [{ ErrorEquals: ['Fatal'], Next: 'W' }] };
    const parallel = { Type: 'Parallel', Branches: branches, End: true, ...caught };
    const wait = { Type: 'Wait', Seconds: 3600, End: true };
    const execution = await run({ StartAt: 'A', States: { A: parallel, W: wait } });
    expect(execution.status).toBe('SUCCEEDED');
    expect(invoked.map(({ name }) => name).sort()).toEqual(['bad', 'flaky']);
  });

  it('does not call again after it was stopped', async () => {
    functions.f = () => {
      throw failing('Again');
    };
    deploy(one(task('f', { Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 600, MaxAttempts: 3 }] })));
    const execution = await start();
    await time.advance(60_000);
    await operation('StopExecution', { executionArn: execution.arn, cause: 'enough' });
    await time.advance(HOUR_MS);
    expect(execution).toMatchObject({ status: 'ABORTED', cause: 'enough' });
    expect(invoked).toHaveLength(1);
  });

  it('replaces the input by the result for ResultPath $', async () => {
    const execution = await run(one({ Type: 'Pass', Result: { b: 1 }, ResultPath: '$', End: true }), { a: 1 });
    expect(execution.output).toBe('{"b":1}');
  });

  it('tells of its beginning and end as EventBridge events', async () => {
    const execution = await run(one({ Type: 'Fail', Error: 'QuiesceFault', Cause: 'why' }), { a: 1 });
    expect(emitted.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'FAILED']);
    expect(emitted[1]).toMatchObject({
      source: 'aws.states',
      detailType: 'Step Functions Execution Status Change',
      resources: [execution.arn],
      detail: { input: '{"a":1}', output: null, error: 'QuiesceFault', cause: 'why', name: 'one' },
    });
  });
});

describe('an execution through the API', () => {
  const arnOf = (execution: Execution) => ({ executionArn: execution.arn });

  it('is shown as running for a moment after its end', async () => {
    const execution = await run(one({ Type: 'Pass', End: true }));
    expect(execution.status).toBe('SUCCEEDED');
    const early = await operation('DescribeExecution', arnOf(execution));
    expect([early.status, early.output, early.stopDate]).toEqual(['RUNNING', undefined, undefined]);
    await time.advance(300);
    expect(await operation('DescribeExecution', arnOf(execution))).toMatchObject({ status: 'SUCCEEDED', output: '{}' });
  });

  it('tells its history in pages, forwards or backwards', async () => {
    const execution = await run(one({ Type: 'Pass', End: true }));
    const types = async (input: object) => {
      const { events, nextToken } = await operation('GetExecutionHistory', { ...arnOf(execution), ...input });
      return [...(events as { readonly type: string }[]).map(({ type }) => type), nextToken];
    };
    expect(await types({ maxResults: 3 })).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', '3']);
    expect(await types({ maxResults: 3, nextToken: '3' })).toEqual(['ExecutionSucceeded', undefined]);
    expect(await types({ maxResults: 1, reverseOrder: true })).toEqual(['ExecutionSucceeded', '1']);
  });

  it('is throttled by operation', () => {
    const buckets = (name: string) => states.buckets?.(name, {});
    expect(buckets('DescribeExecution')).toMatchObject([{ tokens: 1, capacity: 250, refillPerSecond: 10 }]);
    expect(buckets('DescribeStateMachine')).toEqual([]);
  });
});

describe('an execution’s name', () => {
  const waiting = one({ Type: 'Wait', Seconds: 60, End: true });

  it('is answered with the running execution for the same input, and refused for another', async () => {
    deploy(waiting);
    const first = await start({ a: 1 });
    expect((await start({ a: 1 })).arn).toBe(first.arn);
    await expect(start({ a: 2 })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect(states.executions()).toHaveLength(1);
  });

  it('stays taken for 90 days after the end', async () => {
    deploy(waiting);
    await start();
    await time.advance(89 * 24 * HOUR_MS);
    await expect(start()).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await time.advance(2 * 24 * HOUR_MS);
    expect((await start()).status).toBe('RUNNING');
  });

  it.each(['a:b', 'a b', 'x'.repeat(81), ''])('refuses %j', async (name) => {
    deploy(waiting);
    await expect(start({}, name)).rejects.toMatchObject({ name: 'InvalidName' });
  });
});

describe('a definition', () => {
  it.each([
    ['QueryLanguage', one({ Type: 'Pass', End: true }, { QueryLanguage: 'JSONata' })],
    ['Assign', one({ Type: 'Pass', Assign: { a: 1 }, End: true })],
    ['HeartbeatSeconds', one(task('f', { HeartbeatSeconds: 5 }))],
    ['task token', one(task('f', { Parameters: { FunctionName: 'f', Payload: { 't.$': '$$.Task.Token' } } }))],
    ['waitForTaskToken', one(task('f', { Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }))],
    [
      'Distributed Map',
      one({
        Type: 'Map',
        End: true,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED' },
          StartAt: 'B',
          States: { B: { Type: 'Pass', End: true } },
        },
      }),
    ],
    ['indefinite path', one({ Type: 'Pass', Parameters: { 'a.$': '$.list[*].id' }, End: true })],
    ['States.ALL', one(task('f', { Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] }))],
    ['invalid', one({ Type: 'Pass', Next: 'Nowhere' })],
  ])('is refused loudly for %s', (word, definition) => {
    expect(() => deploy(definition)).toThrow(new RegExp(word, 'i'));
  });
});
