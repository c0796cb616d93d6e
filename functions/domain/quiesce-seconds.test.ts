import { expect, it } from 'vitest';
import { quiesceSeconds } from './quiesce-seconds.ts';
import { sampleHook } from './samples-for-tests.ts';

it.each([
  [[60, 20, 45], 50],
  [[600], 630],
  [[], 630],
])('quiescing with deadlines of %j s may take %i s: the shortest, and 30 s of delivery', (deadlines, seconds) => {
  const hooks = deadlines.map((deadlineSeconds) => sampleHook({ deadlineSeconds }));
  expect(quiesceSeconds({ members: [], hooks, onQuiesceFailure: 'abort' })).toBe(seconds);
});
