import { describe, expect, it } from 'vitest';
import type { Hold, PlannedHook } from '#domain/run.ts';
import { quiesceAll } from './quiesce-all.ts';
import { releaseAll } from './release-all.ts';
import { scriptedSsm, type WireAnswer, type WireCall } from './scripted-ssm.ts';

const hook = (instanceId: string, kind: string): PlannedHook => ({
  kind,
  instanceId,
  deadlineSeconds: 30,
  parameters: { own: 'value' },
});
const hooks = [hook('i-a', 'command'), hook('i-b', 'command'), hook('i-a', 'filesystem'), hook('i-b', 'filesystem')];
const held: readonly Hold[] = hooks.map((one) => ({
  hook: one,
  state: 'held',
  confirmedAt: '2026-11-21T03:00:00.000Z',
  quiescedGuestMs: 1000,
}));

const reporting = (report: unknown): WireAnswer => ({
  Status: 'Success',
  ResponseCode: 0,
  StandardOutputContent: `holdfast ${JSON.stringify(report)}\n`,
});
const quiesced = reporting({ result: 'quiesced', at: 1000, until: 31_000 });
const released = reporting({ result: 'released', at: 2000, heldSince: 1000, by: 'release' });
const broken: WireAnswer = { Status: 'Failed', ResponseCode: 1, StandardErrorContent: 'no luck' };

/** Every guest answers through `answer`, told by what was sent; the command's id carries `kind/instance`. */
function guests(
  answer: (guest: string) => WireAnswer,
  send?: (guest: string) => WireAnswer | undefined,
  isDown = false,
) {
  const times = new Map<string, number[]>();
  const note = (guest: string) => times.set(guest, [...(times.get(guest) ?? []), Date.now()]);
  const { ssm, calls } = scriptedSsm(({ operation, input }) => {
    const guest = String(input.CommandId ?? `${input.DocumentName}/${input.InstanceIds}`);
    note(guest);
    if (operation !== 'SendCommand') return answer(guest);
    return send?.(guest) ?? { Command: { CommandId: guest } };
  });
  const sends = () => calls.filter(({ operation }) => operation === 'SendCommand');
  const lookedAfterMs = (guest: string) => {
    const [sentMs = Number.NaN, firstMs = Number.NaN] = times.get(guest) ?? [];
    return firstMs - sentMs;
  };
  return { tools: { ssm, documentName: (kind: string) => kind, isDown: async () => isDown }, sends, lookedAfterMs };
}

const order = (sends: readonly WireCall[], instanceId: string) =>
  sends.filter(({ input }) => String(input.InstanceIds) === instanceId).map(({ input }) => input.DocumentName);

describe('quiescing all guests', () => {
  it('holds each guest by its hooks in order and confirms each', async () => {
    const { tools, sends } = guests(() => quiesced);
    const result = await quiesceAll(hooks, 'orders-1', 5000, tools);
    expect(result.failure).toBeUndefined();
    expect(result.holds.map((hold) => hold.hook)).toEqual(hooks);
    for (const hold of result.holds)
      expect(hold).toMatchObject({ state: 'held', quiescedGuestMs: 1000, confirmedAt: expect.any(String) });
    expect(order(sends(), 'i-a')).toEqual(['command', 'filesystem']);
    expect(order(sends(), 'i-b')).toEqual(['command', 'filesystem']);
    expect(sends()[0]?.input.Parameters).toEqual({
      action: ['quiesce'],
      run: ['orders-1'],
      deadlineSeconds: ['30'],
      own: ['value'],
    });
  });

  it('begins no further hook after a failure, and loses nothing that is known', async () => {
    const { tools, sends } = guests((guest) => (guest === 'command/i-b' ? broken : quiesced));
    const { holds, failure } = await quiesceAll([...hooks].reverse(), 'orders-1', 5000, tools);
    const state = (kind: string, id: string) =>
      holds.find((hold) => hold.hook.kind === kind && hold.hook.instanceId === id);
    expect(failure).toMatchObject({ name: 'QuiesceFault', message: expect.stringContaining('no luck') });
    expect(failure?.message).toContain('i-b');
    expect(state('filesystem', 'i-b')).toMatchObject({ state: 'held' });
    expect(state('command', 'i-b')).toMatchObject({
      state: 'intended',
      quiesceProblem: expect.stringContaining('no luck'),
    });
    expect(sends()).toHaveLength(4);
  });

  it('does not ask the second hook of a guest when the first failed', async () => {
    const { tools, sends } = guests((guest) => (guest === 'command/i-a' ? broken : quiesced));
    const { holds } = await quiesceAll(
      hooks.filter(({ instanceId }) => instanceId === 'i-a'),
      'orders-1',
      5000,
      tools,
    );
    expect(order(sends(), 'i-a')).toEqual(['command']);
    expect(holds[1]).toEqual({ hook: hooks[2], state: 'intended' });
  });

  it('fails without throwing when SSM refuses, or the guest answers something else', async () => {
    const refusing = guests(
      () => quiesced,
      () => ({ error: 'AccessDeniedException' }),
    );
    expect(await quiesceAll(hooks, 'orders-1', 5000, refusing.tools)).toMatchObject({
      failure: { name: 'QuiesceFault' },
    });
    const odd = guests(() => reporting({ result: 'free' }));
    expect(await quiesceAll(hooks, 'orders-1', 5000, odd.tools)).toMatchObject({ failure: { name: 'QuiesceFault' } });
  });
});

describe('releasing all guests', () => {
  it('lets each guest go in the reverse order, and tells who released and when', async () => {
    const { tools, sends } = guests(() => released);
    const holds = await releaseAll(held, 'orders-1', 5000, tools);
    expect(order(sends(), 'i-a')).toEqual(['filesystem', 'command']);
    expect(holds.map((hold) => hold.hook)).toEqual(hooks);
    for (const hold of holds) {
      expect(hold).toMatchObject({
        state: 'free',
        releasedBy: 'release',
        releasedGuestMs: 2000,
        quiescedGuestMs: 1000,
      });
      expect(hold.confirmedAt).toBe('2026-11-21T03:00:00.000Z');
    }
  });

  it('hurries while something of a guest is still held, and looks once, later, for the last answer', async () => {
    const { tools, lookedAfterMs } = guests(() => released);
    await releaseAll(held.slice(0, 3), 'orders-1', 5000, tools);
    expect(lookedAfterMs('filesystem/i-a')).toBeLessThan(1000);
    for (const last of ['command/i-a', 'command/i-b']) expect(lookedAfterMs(last)).toBeGreaterThan(1200);
  });

  it('asks the others after one failed, keeps it held with the reason, and asks only that one again', async () => {
    const first = guests((guest) => (guest === 'filesystem/i-a' ? broken : released));
    const holds = await releaseAll(held, 'orders-1', 5000, first.tools);
    expect(holds.map(({ state }) => state)).toEqual(['free', 'free', 'held', 'free']);
    expect(holds[2]?.problem).toContain('no luck');
    const second = guests(() => released);
    const again = await releaseAll(holds, 'orders-1', 5000, second.tools);
    expect(second.sends()).toHaveLength(1);
    expect(again[2]).toMatchObject({ state: 'free' });
    expect(again[2]).not.toHaveProperty('problem');
  });

  it('also asks where quiescing was only intended, and learns that it never held', async () => {
    const { tools } = guests(() => reporting({ result: 'released', at: 2000, heldSince: null, by: 'none' }));
    const [hold] = await releaseAll([{ hook: hook('i-a', 'command'), state: 'intended' }], 'orders-1', 5000, tools);
    expect(hold).toMatchObject({ state: 'free', releasedBy: 'none' });
    expect(hold).not.toHaveProperty('releasedGuestMs');
  });

  it('knows that nothing is held in an instance that is off', async () => {
    const off = guests(
      () => released,
      () => ({ error: 'InvalidInstanceId' }),
      true,
    );
    const holds = await releaseAll(held, 'orders-1', 5000, off.tools);
    expect(holds).toMatchObject(held.map(() => ({ state: 'free', releasedBy: 'stopped', quiescedGuestMs: 1000 })));
    for (const hold of holds) expect(hold).not.toHaveProperty('releasedGuestMs');
  });

  it('does not claim that an unreachable guest is free, and never throws', async () => {
    const gone = guests(
      () => released,
      () => ({ error: 'InvalidInstanceId' }),
    );
    expect(await releaseAll(held, 'orders-1', 5000, gone.tools)).toMatchObject(
      held.map(() => ({ state: 'held', problem: expect.any(String) })),
    );
    const refusing = guests(
      () => released,
      () => ({ error: 'AccessDeniedException' }),
    );
    expect(await releaseAll(held, 'orders-1', 5000, refusing.tools)).toMatchObject(held.map(() => ({ state: 'held' })));
  });

  it('still sends every release when no time is left', async () => {
    const { tools, sends } = guests(() => ({ Status: 'Pending' }));
    await releaseAll(held, 'orders-1', 0, tools);
    expect(sends()).toHaveLength(4);
  });
});
