import { expect, it } from 'vitest';
import { beginSeconds } from './begin-seconds.ts';

it('is short while guests wait for their release, however long they may', () => {
  expect(beginSeconds([])).toBe(12);
  expect(beginSeconds([{ kind: 'command', deadlineSeconds: 600 }])).toBe(12);
});

it('leaves a hook that takes the artifacts itself its deadline, and time to look for them', () => {
  expect(beginSeconds([{ kind: 'windows-vss', deadlineSeconds: 120 }])).toBe(150);
});
