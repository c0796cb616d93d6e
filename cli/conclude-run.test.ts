import { describe, expect, test } from 'vitest';
import { sampleArtifact, sampleHold, sampleHook, sampleRun, sampleWindow } from '#domain/samples-for-tests.ts';
import { concludeRun } from './conclude-run.ts';
import { reportError } from './report-error.ts';
import { scriptedTerminal } from './scripted-terminal.ts';

const failure = { name: 'ProviderFault', message: 'no capacity', phase: 'begin-tiers' };
const nowMs = Date.parse('2026-11-21T03:00:34.000Z');
const resume = sampleHook({ kind: 'lambda', instanceId: 'suspend-orders' });
const parameters = { cluster: 'shop', service: 'orders', desiredCount: '3' };
const service = sampleHook({ kind: 'ecs-service', instanceId: 'shop/orders', parameters });

/** Ends a failed run as the command does: the exit code, and all that was written. */
function ended(hook: ReturnType<typeof sampleHook>, state: 'held' | 'free') {
  const terminal = scriptedTerminal();
  const { releasedAt: _, ...window } = sampleWindow({ holds: [sampleHold({ hook, state })] });
  try {
    concludeRun(terminal, sampleRun({ state: 'failed', failure, window }), nowMs);
  } catch (error) {
    const code: number = reportError(error, false, terminal);
    return { code, text: terminal.complaints.join('\n').replaceAll(/\s+/g, ' ') };
  }
  throw new Error('a failed run must not end well');
}

test.each([
  [1, '1 snapshot, '],
  [2, '2 snapshots, '],
])('a sealed run says how many snapshots it has: %i', (count, words) => {
  const terminal = scriptedTerminal();
  const artifacts = Array.from({ length: count }, () => sampleArtifact('2026-11-21T03:00:10.000Z'));
  expect(concludeRun(terminal, sampleRun({ state: 'sealed', artifacts }), nowMs)).toBe(0);
  expect(terminal.lines[0]).toContain(words);
});

describe('a failed run', () => {
  test.each([
    ['a guest', sampleHook(), 'confirmed by every guest'],
    ['a function, without any guest', resume, 'confirmed by the function suspend-orders'],
    ['an ECS service, without any guest', service, 'confirmed by ECS for shop/orders'],
  ])('whose release is confirmed by %s, says so', (_, hook, words) => {
    const { code, text } = ended(hook, 'free');
    expect(code).toBe(1);
    expect(text).toContain(`orders-db is released, ${words}; earlier points are untouched.`);
  });

  test.each([
    ['a guest', sampleHook(), 'The timer inside the guest releases it at', 'log in on i-0a1b2c3d4e5f60718'],
    [
      'a function',
      resume,
      'the one that suspend-orders set for itself should',
      'aws lambda invoke --function-name suspend-orders',
    ],
    ['an ECS service', service, 'nothing in ECS does that by itself', '--service orders --desired-count 3'],
  ])('that may still be held by %s, says what ends it, and what to do by hand', (kind, hook, ends, byHand) => {
    const { code, text } = ended(hook, 'held');
    expect(code).toBe(1);
    expect(text).toContain('orders-db MAY STILL BE HELD STILL');
    expect(text).toContain(ends);
    expect(text).toContain(byHand);
    if (kind !== 'a guest') expect(text).not.toMatch(/in(side)? the guest|every guest/);
  });
});

test('a sealed run whose release is not confirmed says so beside the point, and what to do by hand', () => {
  const terminal = scriptedTerminal();
  const { releasedAt: _, ...window } = sampleWindow({ holds: [sampleHold({ hook: resume, state: 'held' })] });
  expect(concludeRun(terminal, sampleRun({ state: 'sealed', window }), nowMs)).toBe(0);
  const text = terminal.lines.join('\n');
  expect(text).toContain('sealed');
  expect(text).toContain('orders-db MAY STILL BE HELD STILL: its release is not confirmed.');
  expect(text).toContain('aws lambda invoke --function-name suspend-orders');
});

test('a sealed run that is released says nothing of it', () => {
  const terminal = scriptedTerminal();
  concludeRun(terminal, sampleRun({ state: 'sealed' }), nowMs);
  expect(terminal.lines.join('\n')).not.toContain('HELD STILL');
});
