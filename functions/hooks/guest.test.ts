import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandOnGuest, runOnGuest } from './guest.ts';
import { scriptedSsm, type WireAnswer } from './scripted-ssm.ts';

const command = {
  documentName: 'hold',
  instanceId: 'i-0abc',
  parameters: { action: 'quiesce', run: 'r' },
  timeoutSeconds: 20,
};
const pending = { Status: 'InProgress', StatusDetails: 'In Progress', ResponseCode: -1 };
const success = (stdout: string) => ({ Status: 'Success', ResponseCode: 0, StandardOutputContent: stdout });

/** SendCommand is accepted; each look gets the next of `looks`, then the last again. */
const region = (...looks: readonly WireAnswer[]) =>
  scriptedSsm(({ operation }, earlier) =>
    operation === 'SendCommand'
      ? { Command: { CommandId: 'c-1' } }
      : (looks[Math.min(earlier, looks.length - 1)] ?? {}),
  );

describe('a command on a guest', () => {
  // The SDK loads parts of itself with its first calls: in real time, during which fake time would run on.
  beforeAll(() => runOnGuest(command, region(success(''))));
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets time pass until the outcome is there. */
  async function outcomeOf<T>(promise: Promise<T>): Promise<{ readonly outcome: T; readonly tookMs: number }> {
    let done = false;
    const settled = promise.finally(() => {
      done = true;
    });
    settled.catch(() => {});
    while (!done) await vi.advanceTimersByTimeAsync(50);
    return { outcome: await settled, tookMs: Date.now() - 1_000_000 };
  }

  it('is waited for through registration lag and progress, and its last report counts', async () => {
    const { ssm, calls } = region(
      { error: 'InvocationDoesNotExist' },
      pending,
      success('holdfast {"result":"free"}\nfrozen: /data\nholdfast {"result":"quiesced","at":5,"until":9}\n'),
    );
    const { outcome, tookMs } = await outcomeOf(runOnGuest(command, { ssm }));
    expect(outcome).toEqual({ kind: 'report', report: { result: 'quiesced', at: 5, until: 9 } });
    expect(tookMs).toBeLessThan(1000);
    expect(calls[0]).toMatchObject({
      operation: 'SendCommand',
      input: {
        DocumentName: 'hold',
        InstanceIds: ['i-0abc'],
        TimeoutSeconds: 30,
        Parameters: { action: ['quiesce'], run: ['r'] },
      },
    });
  });

  it.each([
    'nothing',
    'holdfast quiesced',
    'holdfast {"result":"quiesced","at":"5","until":9}',
    'holdfast {"result":"quiesced","at":5,"until":9,"more":1}',
  ])('failed when it succeeded but reports %s', async (stdout) => {
    const { outcome } = await outcomeOf(runOnGuest(command, region(success(stdout))));
    expect(outcome).toMatchObject({ kind: 'failed', exitCode: 0 });
  });

  it('failed with its exit code and its words', async () => {
    const { ssm } = region({ Status: 'Failed', ResponseCode: 75, StandardErrorContent: 'held by another\n' });
    const { outcome } = await outcomeOf(runOnGuest(command, { ssm }));
    expect(outcome).toEqual({ kind: 'failed', exitCode: 75, stderr: 'held by another' });
  });

  it.each(['Delivery Timed Out', 'DeliveryTimedOut', 'Undeliverable'])(
    'is undeliverable when SSM says %s',
    async (details) => {
      const { ssm } = region(pending, { Status: 'TimedOut', StatusDetails: details, ResponseCode: -1 });
      expect((await outcomeOf(runOnGuest(command, { ssm }))).outcome).toMatchObject({ kind: 'undeliverable' });
    },
  );

  it('failed when the agent stopped it for taking too long, for it did run', async () => {
    const { ssm } = region({ Status: 'TimedOut', StatusDetails: 'Execution Timed Out', ResponseCode: -1 });
    expect((await outcomeOf(runOnGuest(command, { ssm }))).outcome).toMatchObject({ kind: 'failed', exitCode: -1 });
  });

  it('is undeliverable when SSM does not know the instance', async () => {
    const { ssm } = scriptedSsm(() => ({ error: 'InvalidInstanceId' }));
    expect((await outcomeOf(runOnGuest(command, { ssm }))).outcome).toMatchObject({ kind: 'undeliverable' });
  });

  it('throws when sending is refused for another reason', async () => {
    const { ssm } = scriptedSsm(() => ({ error: 'InvalidDocument' }));
    await expect(outcomeOf(runOnGuest(command, { ssm }))).rejects.toMatchObject({ name: 'InvalidDocument' });
  });

  it('is unknown once the time is over, within it, and with a look a second after the first few', async () => {
    const { ssm, calls } = region(pending);
    const { outcome, tookMs } = await outcomeOf(runOnGuest(command, { ssm }));
    expect(outcome).toMatchObject({ kind: 'unknown' });
    expect(tookMs).toBeGreaterThan(18_000);
    expect(tookMs).toBeLessThanOrEqual(20_000);
    expect(calls.length).toBeLessThanOrEqual(1 + 24 + 15);
  });

  it('is looked for after more than a second, and seldom, where nothing waits for its answer', async () => {
    const { ssm, calls } = region(pending, success(''));
    const { tookMs } = await outcomeOf(commandOnGuest({ ...command, pace: 'patient' }, { ssm }));
    expect(tookMs).toBeGreaterThan(1500);
    expect(tookMs).toBeLessThan(2000);
    expect(calls).toHaveLength(1 + 2);
  });

  it('is sent and looked at once when there is no time', async () => {
    const { ssm, calls } = region(pending);
    const { outcome } = await outcomeOf(commandOnGuest({ ...command, timeoutSeconds: 0 }, { ssm }));
    expect(outcome).toMatchObject({ kind: 'unknown' });
    expect(calls.map(({ operation }) => operation)).toEqual(['SendCommand', 'GetCommandInvocation']);
  });

  it('is not given up for a look that fails', async () => {
    const { ssm } = region({ error: 'InternalServerError' }, { error: 'ThrottlingException' }, success('fine'));
    const { outcome } = await outcomeOf(commandOnGuest(command, { ssm }));
    expect(outcome).toMatchObject({ kind: 'succeeded', stdout: 'fine' });
  });
});
