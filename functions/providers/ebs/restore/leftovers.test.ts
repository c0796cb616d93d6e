import { describe, expect, it } from 'vitest';
import { applicationState } from './leftovers.ts';
import { detailOf, free, type Model, swap, under, untouched, view } from './model/instance-model.ts';

const detail = detailOf([swap('f'), swap('g')]);

/** Two devices, each with its original, its restored volume, or nothing. */
function model(f: 'old' | 'new' | 'none', g: 'old' | 'new' | 'none', state = 'running'): Model {
  const volumes = Object.entries({ f, g }).flatMap(([letter, which]) =>
    ['old', 'new'].map(
      (each) =>
        [`vol-${each}-${letter}`, each === which ? under(`/dev/sd${letter}`, true) : free()] satisfies [
          string,
          unknown,
        ],
    ),
  );
  return { ...untouched(detail), state, volumes: new Map(volumes) };
}

describe('the application of a recovery that is given up', () => {
  it.each([
    ['new', 'new', 'runs-on-restored'],
    ['old', 'old', 'runs-on-originals'],
    ['old', 'new', 'runs-on-mixed'],
    ['new', 'none', 'runs-on-mixed'],
    ['old', 'none', 'runs-on-mixed'],
  ] as const)('that runs with the %s volume under one device and the %s one under the other: %s', (f, g, state) =>
    expect(applicationState(detail, view(model(f, g)))).toBe(state),
  );

  it.each([
    ['stopped', 'down'],
    ['stopping', 'down'],
    ['pending', 'down'],
    ['shutting-down', 'gone'],
    ['terminated', 'gone'],
    ['missing', 'gone'],
  ] as const)('whose instance is %s: %s', (seen, state) =>
    expect(applicationState(detail, view(model('new', 'new', seen)))).toBe(state),
  );

  it('that EC2 could not be asked about: unknown', () => expect(applicationState(detail, undefined)).toBe('unknown'));

  it('with a restored volume of which the ledger never learnt, under a device that was empty, is mixed', () => {
    const { original: _, restored: __, ...fresh } = swap('f');
    expect(applicationState(detailOf([fresh]), view(model('new', 'none')))).toBe('runs-on-mixed');
    expect(applicationState(detailOf([fresh]), view(model('none', 'none')))).toBe('runs-on-originals');
  });
});
