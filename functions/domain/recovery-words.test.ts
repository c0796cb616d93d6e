import { expect, it } from 'vitest';
import { recoverAgain } from './recovery-words.ts';

it('a command that asks again asks for the same', () => {
  const workload = 'billing';
  expect(recoverAgain({ workload, before: '2026-01-01T00:00:00Z' }, 'p-1')).toBe('recover billing --point p-1');
  expect(recoverAgain({ workload, rdb: ['arn:a', 'arn:b'] }, 'arn:a arn:b')).toBe('recover billing --rdb arn:a arn:b');
  expect(recoverAgain({ workload, replace: true }, 'p-1')).toBe('recover billing --point p-1 --replace');
  expect(recoverAgain({ workload, toInstance: 'i-1', volumes: ['/dev/sdf', '/dev/sdg'] }, 'p-1')).toBe(
    'recover billing --point p-1 --to-instance i-1 --volume /dev/sdf /dev/sdg',
  );
});
