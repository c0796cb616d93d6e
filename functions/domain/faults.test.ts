import { expect, it } from 'vitest';
import {
  busyFault,
  integrityFault,
  invalidRequest,
  invariantBroken,
  providerFault,
  quiesceFault,
  runHasFailed,
  transientFault,
} from './faults.ts';

// State machines match these names letter by letter.
it.each([
  [transientFault, 'TransientFault'],
  [busyFault, 'BusyFault'],
  [invalidRequest, 'InvalidRequest'],
  [quiesceFault, 'QuiesceFault'],
  [providerFault, 'ProviderFault'],
  [integrityFault, 'IntegrityFault'],
  [invariantBroken, 'InvariantBroken'],
  [runHasFailed, 'RunFailed'],
])('%o makes an error of that name, with its message', (make, name) => {
  expect(make('why')).toMatchObject({ name, message: 'why' });
});

it.each([transientFault, quiesceFault, providerFault])(
  '%o keeps what caused it, and claims no cause without one',
  (make) => {
    const cause = new Error('throttled');
    expect(make('why', cause).cause).toBe(cause);
    expect(make('why')).not.toHaveProperty('cause');
  },
);
