import { expect, it } from 'vitest';
import { together } from './application-state.ts';

it.each([
  [['runs-on-restored'], 'runs-on-restored'],
  [['gone', 'gone'], 'gone'],
  [['gone', 'runs-on-originals'], 'down'],
  [['runs-on-restored', 'down', 'unknown'], 'down'],
  [['runs-on-restored', 'unknown'], 'unknown'],
  [['runs-on-restored', 'runs-on-originals'], 'runs-on-mixed'],
  [[], 'unknown'],
] as const)('the application of instances that are %j is %s', (states, state) => expect(together(states)).toBe(state));
