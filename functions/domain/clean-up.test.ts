import { expect, it } from 'vitest';
import { cleanUpParameters } from './clean-up.ts';

it('what is cleaned up is told to the guest in lists, and "none" where there is nothing: no parameter is empty', () => {
  expect(
    cleanUpParameters({ roots: ['/a', '/b'], files: ['*.tmp', 'core'], folders: ['x', 'y'], moveTo: '/c' }),
  ).toEqual({ roots: '/a,/b', files: '*.tmp,core', folders: 'x,y', moveTo: '/c' });
  expect(cleanUpParameters({ roots: ['/a'], files: [], folders: [] })).toEqual({
    ...{ roots: '/a', files: 'none', folders: 'none', moveTo: 'none' },
  });
});
