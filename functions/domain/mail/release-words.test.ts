import { describe, expect, it } from 'vitest';
import type { Hold, RunPlan, Window } from '../run.ts';
import { sampleHook, sampleRun, sampleWindow } from '../samples-for-tests.ts';
import { byHandLines, confirmationWords, letsGoLines, releaseLines, releaseWords } from './release-words.ts';

const nowMs = Date.parse('2026-11-21T03:05:00.000Z');
const { releasedAt: _, ...open } = sampleWindow();
const held = (kind: string, instanceId: string, parameters = {}): Hold => ({
  hook: sampleHook({ kind, instanceId, parameters }),
  state: 'held',
});
const free = (hold: Hold): Hold => ({ ...hold, state: 'free' });
const guest = held('command', 'i-1');
const vss = held('windows-vss', 'i-2');
const owner = held('lambda', 'suspend-orders');
const service = held('ecs-service', 'shop/orders', { cluster: 'shop', service: 'orders', desiredCount: '3' });
const windowOf = (...holds: readonly Hold[]): Window => ({ ...open, holds });
const linesOf = (...holds: readonly Hold[]) => releaseLines(sampleRun({ window: windowOf(...holds) }), nowMs);

describe('who has confirmed a release', () => {
  it('is each that held, once: guests together, functions and services by name', () => {
    expect(confirmationWords(windowOf(guest, owner, owner, service))).toBe(
      'confirmed by every guest and the function suspend-orders and ECS for shop/orders',
    );
    expect(confirmationWords(windowOf(vss))).toBe('as VSS lets go by itself within ten seconds');
    expect(confirmationWords(windowOf(vss, guest))).toBe('confirmed by every guest');
  });
});

describe('whether the application is free', () => {
  it('hangs on no guest that could not be asked when the run was planned', () => {
    const hooks = [guest.hook, owner.hook];
    const unheld = [{ instanceId: 'i-1', problem: 'Its SSM agent is offline.' }];
    const plan: RunPlan = { members: [], hooks, onQuiesceFailure: 'crash-consistent', unheld };
    const run = (...holds: readonly Hold[]) => sampleRun({ plan, window: windowOf(...holds) });
    expect(releaseWords(run(guest))).toBe('never held');
    expect(releaseLines(run(guest), nowMs)).toEqual(['APPLICATION: not touched. This run has not held it still.']);
    expect(releaseWords(run(guest, free(owner)))).toBe('released');
    expect(releaseWords(run(free(guest), owner))).toBe('RELEASE NOT CONFIRMED');
  });

  it('is said of VSS alone without anybody’s word, and not where another hook held, too', () => {
    expect(linesOf(free(vss))).toEqual([
      'APPLICATION: running. VSS lets go by itself within ten seconds; nothing of Holdfast holds it still.',
    ]);
    expect(linesOf(free(vss), free(guest))[0]).toBe(
      'APPLICATION: released, confirmed by every guest. Nothing of Holdfast holds it still.',
    );
  });

  it('names instances that were found stopped, and no line where none was', () => {
    expect(linesOf({ ...free(guest), releasedBy: 'stopped' }, free(owner))[1]).toBe(
      'Not running at all, found so by the release: i-1.',
    );
    expect(linesOf(free(guest))[1]).toBeUndefined();
  });
});

describe('what lets go by itself', () => {
  it('is said for each kind of hook that has not confirmed, and for no other', () => {
    expect(
      letsGoLines(
        windowOf(guest, owner, service, vss, { ...owner, hook: { ...owner.hook, instanceId: 'other' } }),
        nowMs,
      ),
    ).toMatchInlineSnapshot(`
      [
        "The timer inside the guest releases it at 2026-11-21 03:01 UTC at the latest (3 min ago).",
        "No timer of Holdfast ends it: the one that suspend-orders and other set for itself should resume it by 2026-11-21 03:01 UTC at the latest (3 min ago).",
        "It should be released by 2026-11-21 03:01 UTC at the latest (3 min ago); nothing in ECS does that by itself.",
        "VSS lets go by itself within ten seconds.",
      ]
    `);
    expect(letsGoLines(windowOf(free(guest), free(owner), free(service), vss), nowMs)).toEqual([
      'VSS lets go by itself within ten seconds.',
    ]);
    expect(letsGoLines(windowOf(free(vss)), nowMs)).toEqual([]);
  });
});

describe('what a person may do', () => {
  const by = (...holds: readonly Hold[]) =>
    byHandLines({ id: 'orders-db-20261121T030000Z', window: windowOf(...holds) });

  it('is told of services first, then of functions, then of guests', () => {
    expect(by(guest, held('filesystem', 'i-1'), held('command', 'i-3'), owner, service)).toMatchInlineSnapshot(`
      [
        "Holdfast goes on asking. Nothing in ECS starts the tasks again by itself. By hand, with the count that the plan found:",
        "    aws ecs update-service --cluster shop --service orders --desired-count 3",
        "Look whether the application answers. If it does not, and the timer is past,",
        "resume it by hand: ask suspend-orders as Holdfast does. Its log says why it has not.",
        "    aws lambda invoke --function-name suspend-orders --cli-binary-format raw-in-base64-out --payload '{"action":"release","run":"orders-db-20261121T030000Z","deadlineSeconds":60}' /dev/stdout",
        "Look whether the application answers. If it does not, and the timer is past, log in on",
        "i-1 and i-3 and run the release script of the hook, fsfreeze --unfreeze its mounts, or end its database session.",
      ]
    `);
  });

  it('is nothing where VSS alone has not let go', () => {
    expect(by(vss)).toEqual(['Holdfast goes on asking.']);
  });

  it('is not told of what is free', () => {
    expect(by(free(guest), free(service), owner).join('\n')).not.toMatch(/i-1|update-service/);
    expect(by(guest, free(owner)).join('\n')).not.toContain('suspend-orders');
  });
});
