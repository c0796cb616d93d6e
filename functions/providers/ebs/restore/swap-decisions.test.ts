import { describe, expect, it } from 'vitest';
import { isDone } from '../../drive.ts';
import type { Decision } from './drive.ts';
import {
  apply,
  detailOf,
  instanceId,
  type Model,
  recovery,
  settle,
  swap,
  under,
  untouched,
  view,
} from './model/instance-model.ts';
import type { RestoreDetail } from './restore-detail.ts';
import { decideAttach, decideDetach, decideStart, decideStop } from './swap-decisions.ts';
import { missingReplacedTags } from './tags.ts';
import type { World } from './world.ts';

process.env.HOLDFAST_STACK = 'Holdfast';

const detail = detailOf([swap('f'), swap('g', { deleteOnTermination: false })]);
const marks = ({ tags }: { readonly tags: Readonly<Record<string, string>> }) =>
  missingReplacedTags(recovery, instanceId, tags);
const detach = (some: RestoreDetail, world: World) => decideDetach(some, world, marks);

/** Looks, acts and lets time pass until the phase is done. */
function run(some: RestoreDetail, model: Model, decide: (some: RestoreDetail, world: World) => Decision): number {
  for (let looks = 1; looks < 20; looks += 1) {
    const decision = decide(some, view(model));
    if (isDone(decision)) return looks;
    for (const action of decision.actions) apply(model, action);
    settle(model);
  }
  throw new Error('the phase never ends');
}

function swapped(some: RestoreDetail): Model {
  const model = untouched(some);
  for (const decide of [decideStop, detach, decideAttach, decideStart]) run(some, model, decide);
  return model;
}

describe('all phases together', () => {
  it('put every new volume under the same device, DeleteOnTermination as before, and start again', () => {
    const model = swapped(detail);
    expect(model.state).toBe('running');
    expect(model.volumes.get('vol-new-f')).toMatchObject({ device: '/dev/sdf', deleteOnTermination: true });
    expect(model.volumes.get('vol-new-g')).toMatchObject({ device: '/dev/sdg', deleteOnTermination: false });
    expect(model.volumes.get('vol-old-f')?.device).toBeUndefined();
  });

  it('say on every replaced volume who replaced it, when, why and until when', () => {
    expect(swapped(detail).volumes.get('vol-old-f')?.tags).toMatchObject({
      Name: 'data',
      'holdfast:role': 'replaced',
      'holdfast:recovery': 'rec-1',
      'holdfast:requested-by': 'Ada',
      'holdfast:reason': 'ransomware',
      'holdfast:expires': '2026-01-08T03:00:00.000Z',
    });
  });

  it('leave an instance stopped that was found stopped', () => {
    expect(swapped(detailOf([swap('f')], false)).state).toBe('stopped');
  });

  it('attach under a device that was empty, and detach nothing', () => {
    const { original: _, ...alone } = swap('f');
    const model = swapped(detailOf([alone]));
    expect(model.volumes.get('vol-new-f')).toMatchObject({ device: '/dev/sdf', deleteOnTermination: true });
  });

  it.each([decideStop, detach, decideAttach, decideStart])('can be called again when they are done', (decide) => {
    const some = detailOf([swap('f')], false);
    const model = untouched(some);
    for (const each of [decideStop, detach, decideAttach, decideStart]) {
      run(some, model, each);
      if (each === decide) expect(run(some, model, each)).toBe(1);
    }
  });
});

describe('stopping', () => {
  it('is refused when the devices have changed since the plan', () => {
    const model = untouched(detail);
    model.volumes.set('vol-other', under('/dev/sdf', false));
    model.volumes.delete('vol-old-f');
    expect(() => decideStop(detail, view(model))).toThrow(/changed since the plan.*\/dev\/sdf \(vol-other\)/);
  });

  it('is refused for an instance that is gone', () => {
    expect(() => decideStop(detail, { ...view(untouched(detail)), state: 'terminated' })).toThrow(/terminated/);
  });
});

describe('detaching', () => {
  it('marks a volume before it takes it off', () => {
    const model = { ...untouched(detail), state: 'stopped' };
    expect(detach(detail, view(model)).actions.map(({ kind }) => kind)).toEqual(['tag', 'detach', 'tag', 'detach']);
  });

  it('waits for a volume that the guest still holds, without asking again', () => {
    const model = { ...untouched(detailOf([swap('f')])), state: 'stopped' };
    const world = view(model);
    const busy = {
      ...world,
      volumes: new Map([
        [
          'vol-old-f',
          {
            state: 'in-use',
            tags: { ...world.volumes.get('vol-old-f')?.tags, ...missingReplacedTags(recovery, instanceId, {}) },
            attachment: { instanceId, device: '/dev/sdf', state: 'busy' },
          },
        ],
      ]),
    };
    const decision = detach(detailOf([swap('f')]), busy);
    expect(decision).toMatchObject({ actions: [], waitingFor: expect.stringContaining('busy') });
  });

  it('never touches an instance that someone started meanwhile', () => {
    expect(() => detach(detail, view(untouched(detail)))).toThrow(/someone else started it/);
  });
});

describe('attaching', () => {
  it('waits while the instance still shows the old volume under the device', () => {
    const some = detailOf([swap('f')]);
    const model: Model = { ...untouched(some), state: 'stopped' };
    const world = view(model);
    const lagging: World = {
      ...world,
      volumes: new Map([...world.volumes, ['vol-old-f', { state: 'available', tags: {} }]]),
    };
    expect(decideAttach(some, lagging)).toMatchObject({
      actions: [],
      waitingFor: expect.stringContaining('free of vol-old-f'),
    });
  });

  it('refuses a new volume that someone attached elsewhere', () => {
    const some = detailOf([swap('f')]);
    const world = view({ ...untouched(some), state: 'stopped' });
    const stolen = {
      state: 'in-use',
      tags: {},
      attachment: { instanceId: 'i-other', device: '/dev/sdf', state: 'attached' },
    };
    expect(() => decideAttach(some, { ...world, volumes: new Map([['vol-new-f', stolen]]) })).toThrow(
      /attached to i-other/,
    );
  });

  it('never asks for a volume that is attaching already, since EC2 refuses that', () => {
    const some = detailOf([swap('f')]);
    const model: Model = { ...untouched(some), state: 'stopped' };
    run(some, model, detach);
    for (const action of decideAttach(some, view(model)).actions) apply(model, action);
    expect(decideAttach(some, view(model)).actions).toEqual([]);
  });
});

describe('starting', () => {
  it('asks again when the instance fell back to stopped, and says why it did', () => {
    const world: World = { ...view(untouched(detail)), state: 'stopped', reason: 'Client.InternalError' };
    expect(decideStart(detail, world)).toMatchObject({
      actions: [{ kind: 'start' }],
      waitingFor: expect.stringContaining('Client.InternalError'),
    });
  });
});
