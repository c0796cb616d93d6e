import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDone } from '../../drive.ts';
import { commandsBack } from './leftovers.ts';
import { apply, detailOf, free, type Model, settle, swap, under, untouched, view } from './model/instance-model.ts';
import type { RestoreDetail, Swap } from './restore-detail.ts';
import { decideUndo } from './undo-decision.ts';

process.env.HOLDFAST_STACK = 'Holdfast';

/** How far one device had come when the recovery failed. */
const places = ['original attached', 'original detaching', 'empty', 'new attaching', 'new attached'] as const;
type Place = (typeof places)[number];

const anyMess = fc.record({
  wasRunning: fc.boolean(),
  state: fc.constantFrom('running', 'stopping', 'stopped', 'pending'),
  devices: fc.array(
    fc.record({
      place: fc.constantFrom(...places),
      hadOriginal: fc.boolean(),
      settingLost: fc.boolean(),
      marked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});
type Mess = typeof anyMess extends fc.Arbitrary<infer T> ? T : never;

const mark = { 'holdfast:recovery': 'rec-1', 'holdfast:role': 'replaced', 'holdfast:expires': '2026-01-08' };

function build(mess: Mess): { readonly detail: RestoreDetail; readonly model: Model } {
  const swaps = mess.devices.map(({ hadOriginal }, index): Swap => {
    const { original, ...rest } = swap('fghi'.charAt(index));
    return hadOriginal && original ? { ...rest, original } : rest;
  });
  const detail = detailOf(swaps, mess.wasRunning);
  const model = untouched(detail);
  model.state = mess.state;
  for (const [index, { place, settingLost, marked }] of mess.devices.entries()) {
    const { device, original, restored } = swaps[index] ?? swap('f');
    const tags = marked ? mark : {};
    if (original) model.volumes.set(original.volumeId, placed(place, 'original', device, !settingLost, tags));
    if (restored) model.volumes.set(restored.volumeId, placed(place, 'new', device, false, {}));
  }
  return { detail, model };
}

function placed(place: Place, which: 'original' | 'new', device: string, keep: boolean, tags: Record<string, string>) {
  if (!place.startsWith(which)) return free({ ...tags });
  const volume = under(device, keep, { ...tags });
  const moving = place.endsWith('detaching') ? 'detaching' : 'attaching';
  return place.endsWith('attached') ? volume : { ...volume, moving: moving as 'detaching' | 'attaching' };
}

function expectHome(detail: RestoreDetail, model: Model): void {
  for (const { device, original, restored } of detail.swaps) {
    if (restored) expect(model.volumes.get(restored.volumeId)?.device).toBeUndefined();
    if (original) {
      expect(model.volumes.get(original.volumeId)).toMatchObject({
        device,
        deleteOnTermination: original.deleteOnTermination,
      });
    }
  }
}

describe('rolling back', () => {
  it('brings every original home from whatever state, and the instance to the state that it was found in', () => {
    fc.assert(
      fc.property(anyMess, (mess) => {
        const { detail, model } = build(mess);
        for (let looks = 0; ; looks += 1) {
          const decision = decideUndo(detail, view(model), 'rec-1', false);
          if (isDone(decision)) break;
          expect(looks).toBeLessThan(20);
          for (const action of decision.actions) apply(model, action);
          settle(model);
        }
        expectHome(detail, model);
        if (mess.wasRunning) expect(model.state).toBe('running');
        for (const { original } of detail.swaps) {
          expect(model.volumes.get(original?.volumeId ?? '')?.tags ?? {}).not.toHaveProperty('holdfast:recovery');
        }
      }),
    );
  });

  it('does not stop an instance on which nothing was moved', () => {
    const detail = detailOf([swap('f')]);
    expect(isDone(decideUndo(detail, view(untouched(detail)), 'rec-1', false))).toBe(true);
  });

  it('gives an original the tags back that an earlier recovery had put on it', () => {
    const base = swap('f');
    const marks = { 'holdfast:recovery': 'rec-0', 'holdfast:role': 'restored' };
    const original = base.original && { ...base.original, marks };
    const detail = detailOf([original ? { ...base, original } : base]);
    const model = untouched(detail);
    model.volumes.set('vol-old-f', under('/dev/sdf', true, { Name: 'data', ...mark }));
    for (const action of decideUndo(detail, view(model), 'rec-1', false).actions) apply(model, action);
    expect(model.volumes.get('vol-old-f')?.tags).toEqual({ Name: 'data', ...marks });
  });

  it('forces a detachment that does not end only once it is late', () => {
    const detail = detailOf([swap('f')]);
    const model: Model = { ...untouched(detail), state: 'stopped' };
    model.volumes.set('vol-old-f', { ...under('/dev/sdf', true), moving: 'detaching' });
    expect(decideUndo(detail, view(model), 'rec-1', false).actions).toEqual([]);
    expect(decideUndo(detail, view(model), 'rec-1', true).actions).toMatchObject([
      { volumeId: 'vol-old-f', force: true },
    ]);
  });

  it('does not stop an instance that somebody has given another volume', () => {
    const detail = detailOf([swap('f')]);
    const model = untouched(detail);
    model.volumes.set('vol-old-f', free({}));
    model.volumes.set('vol-theirs', under('/dev/sdf', false));
    expect(() => decideUndo(detail, view(model), 'rec-1', false)).toThrow(/running with vol-theirs under \/dev\/sdf/);
    model.volumes.delete('vol-theirs');
    model.volumes.set('vol-new-f', under('/dev/sdf', false));
    expect(decideUndo(detail, view(model), 'rec-1', false).actions).toMatchObject([{ kind: 'stop' }]);
  });

  it('fails when an original is gone, naming it', () => {
    const detail = detailOf([swap('f')]);
    const model = untouched(detail);
    model.volumes.delete('vol-old-f');
    model.state = 'stopped';
    expect(() => decideUndo(detail, view(model), 'rec-1', false)).toThrow(/vol-old-f/);
  });
});

describe('the commands to finish by hand', () => {
  it('bring every original home when a person types them one after the other', () => {
    fc.assert(
      fc.property(anyMess, fc.boolean(), (mess, seen) => {
        const { detail, model } = build(mess);
        settle(model); // a person reads mail later than that
        const commands = commandsBack(detail, seen ? view(model) : undefined, 'rec-1');
        for (const command of commands) type(model, command, seen);
        settle(model);
        expectHome(detail, model);
        if (mess.wasRunning) expect(model.state).toBe('running');
        const originals = detail.swaps.flatMap(({ original }) => model.volumes.get(original?.volumeId ?? '') ?? []);
        if (seen) for (const { tags } of originals) expect(tags).not.toHaveProperty('holdfast:expires');
      }),
    );
  });

  it('are none when everything is as it was', () => {
    const detail = detailOf([swap('f')]);
    expect(commandsBack(detail, view(untouched(detail)), 'rec-1')).toEqual([]);
  });
});

/** Runs one printed command; blind ones (EC2 could not be asked) may be refused for what is so already. */
function type(model: Model, command: string, strict: boolean): void {
  const option = (name: string) => new RegExp(`--${name} '?([^' ]+)'?`).exec(command)?.[1] ?? '';
  const instanceId = option('instance-ids') || option('instance-id');
  const volumeId = option('volume-id');
  const device = option('device');
  try {
    if (command.startsWith('aws ec2 wait')) settle(model);
    else if (command.startsWith('aws ec2 stop')) apply(model, { kind: 'stop', instanceId });
    else if (command.startsWith('aws ec2 start')) apply(model, { kind: 'start', instanceId });
    else if (command.startsWith('aws ec2 detach')) apply(model, { kind: 'detach', instanceId, volumeId, device });
    else if (command.startsWith('aws ec2 attach')) apply(model, { kind: 'attach', instanceId, volumeId, device });
    else if (command.startsWith('aws ec2 modify')) {
      const mappings: { DeviceName: string; Ebs: { DeleteOnTermination: boolean } }[] = JSON.parse(
        option('block-device-mappings'),
      );
      const settings = mappings.map(({ DeviceName, Ebs }) => ({
        device: DeviceName,
        volumeId: '',
        deleteOnTermination: Ebs.DeleteOnTermination,
      }));
      apply(model, { kind: 'keep-setting', instanceId, settings });
    } else if (command.startsWith('aws ec2 delete-tags')) {
      const keys = [...command.matchAll(/"Key":"([^"]+)"/g)].map(([, key = '']) => key);
      apply(model, { kind: 'untag', resourceId: option('resources'), keys });
    } else throw new Error(`not a command: ${command}`);
  } catch (error) {
    if (strict) throw error;
  }
}
