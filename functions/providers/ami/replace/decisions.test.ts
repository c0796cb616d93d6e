import { describe, expect, it } from 'vitest';
import { isDone } from '../../drive.ts';
import { decideAttach, decideBack, decideStop, decideUnmark } from './decisions.ts';
import type { Replaced, Replacing } from './replaced.ts';
import type { Machine, Seen } from './world.ts';

const address = { allocationId: 'eipalloc-1', publicIp: '203.0.113.7' };
const replacing = (changes: Partial<Replaced> = {}): Replacing => ({
  ...{ name: 'i-old', madeAs: 'i-old-new-1', keptAs: 'i-old', snapshotId: 'ami-1', settings: {} },
  replaced: { instanceId: 'i-old', wasRunning: true, address, marks: {}, ...changes },
});
const machine = (id: string, state: string, tags: Machine['tags'] = {}): Machine => ({ id, state, tags });
const seen = (old: string, made?: string, holder?: string, tags: Machine['tags'] = {}): Seen => ({
  ...{ old: machine('i-old', old, tags), holder },
  made: made === undefined ? undefined : machine('i-new', made),
});
const marked = { 'holdfast:recovery': 'recovery-1' };
const toNew = { kind: 'associate', ...address, instanceId: 'i-new' };
const toOld = { ...toNew, instanceId: 'i-old' };
const back = (looked: Seen, changes?: Partial<Replaced>) => decideBack(replacing(changes), looked, 'recovery-1');

describe('stopping the old one', () => {
  it('marks it, stops it, waits, and is done once it is both', () => {
    expect(decideStop(machine('i-old', 'running'), marked).actions.map(({ kind }) => kind)).toEqual(['tag', 'stop']);
    expect(decideStop(machine('i-old', 'stopping'), {})).toMatchObject({ actions: [], waitingFor: expect.any(String) });
    expect(isDone(decideStop(machine('i-old', 'stopped'), {}))).toBe(true);
    expect(isDone(decideStop(machine('i-old', 'stopped'), marked))).toBe(false);
  });

  it.each(['missing', 'terminated', 'shutting-down'])('fails when it is %s', (state) => {
    expect(() => decideStop(machine('i-old', state), {})).toThrow('there is nothing left to replace');
  });
});

describe('leading the address to the new one', () => {
  it('is asked for until it does, wherever it led', () => {
    expect(decideAttach(replacing(), seen('stopped', 'running', 'i-old')).actions).toEqual([toNew]);
    expect(decideAttach(replacing(), seen('stopped', 'running')).actions).toEqual([toNew]);
    expect(isDone(decideAttach(replacing(), seen('stopped', 'running', 'i-new')))).toBe(true);
    expect(isDone(decideAttach(replacing({ address: undefined }), seen('stopped', 'running')))).toBe(true);
  });

  it.each([
    ['somebody leads it elsewhere', seen('stopped', 'running', 'i-other'), 'leads to i-other'],
    ['somebody starts the old one', seen('running', 'running', 'i-old'), 'someone else started it'],
    ['the new one does not run', seen('stopped', 'stopped', 'i-old'), 'it cannot take a place'],
    ['the new one is gone', seen('stopped', undefined, 'i-old'), 'it cannot take a place'],
  ])('fails when %s', (_, looked, words) => {
    expect(() => decideAttach(replacing(), looked)).toThrow(words);
  });
});

describe('the way back', () => {
  it('does nothing where nothing was touched', () => {
    expect(isDone(back(seen('running', undefined, 'i-old')))).toBe(true);
    expect(isDone(back(seen('running', 'stopped', 'i-old')))).toBe(true);
  });

  it('stops the new one and leads the address back; the old one starts only when the new one no longer runs', () => {
    expect(back(seen('stopped', 'running', 'i-new', marked)).actions).toEqual([
      { kind: 'stop', instanceId: 'i-new' },
      toOld,
    ]);
    expect(back(seen('stopped', 'stopping', 'i-old', marked)).actions).toEqual([
      { kind: 'start', instanceId: 'i-old' },
    ]);
    expect(isDone(back(seen('running', 'stopped', 'i-old', marked)))).toBe(true);
  });

  it('leads back an address that EC2 took off a terminated instance, and none that is not ours to lead', () => {
    expect(back(seen('running', 'terminated', undefined, marked)).actions).toEqual([toOld]);
    expect(isDone(back(seen('running', 'stopped')))).toBe(true);
    expect(isDone(back(seen('running', 'stopped', 'i-other', marked)))).toBe(true);
  });

  it('waits for what is under way', () => {
    for (const looked of [
      seen('stopping', 'stopped', 'i-old'),
      seen('pending', 'stopped', 'i-old'),
      seen('stopped', 'pending', 'i-old'),
    ]) {
      expect(back(looked)).toMatchObject({ actions: [], waitingFor: expect.any(String) });
    }
  });

  it('leaves one stopped that was found so', () => {
    expect(isDone(back(seen('stopped', 'stopped', 'i-old'), { wasRunning: false }))).toBe(true);
    expect(isDone(back(seen('running', 'stopped', 'i-old'), { wasRunning: false }))).toBe(true);
  });

  it('ends where the old one is terminated, before the new one is stopped', () => {
    expect(() => back(seen('terminated', 'running', 'i-new'))).toThrow('it cannot have its place back');
  });

  it('takes its own marks off, and puts those of an earlier recovery back', () => {
    const old = machine('i-old', 'running', { ...marked, 'holdfast:role': 'replaced', Name: 'box' });
    expect(
      decideUnmark(replacing({ marks: { 'holdfast:recovery': 'recovery-0' } }), old, 'recovery-1').actions,
    ).toEqual([
      { kind: 'untag', resourceId: 'i-old', keys: ['holdfast:role'] },
      { kind: 'tag', resourceId: 'i-old', tags: { 'holdfast:recovery': 'recovery-0' } },
    ]);
    expect(isDone(decideUnmark(replacing(), old, 'recovery-2'))).toBe(true);
  });
});
