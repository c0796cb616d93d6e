import { expect, test } from 'vitest';
import { samplePoint } from '#domain/samples-for-tests.ts';
import { selectPoint } from '#domain/select-point.ts';
import { refusal } from './recovery-refusal.ts';

const points = [samplePoint('2026-11-20T03:00:00.000Z')];
const selecting = (request: { readonly point?: string; readonly before?: string }, among = points) =>
  Object(selectPoint(among, { workload: 'orders-db', ...request })).refusal;

/** As the machine's last state leaves it. */
const refused = (errorMessage: string) =>
  refusal('orders-db', {
    $metadata: {},
    executionArn: undefined,
    stateMachineArn: undefined,
    status: 'FAILED',
    startDate: undefined,
    error: 'InvalidRequest',
    cause: JSON.stringify({ errorType: 'InvalidRequest', errorMessage }),
  });

test.each([
  ['no point at all', selecting({}, []), 'points orders-db', 3],
  ['a point that there is not', selecting({ point: 'orders-db-1' }), 'points orders-db', 3],
  ['no point so old', selecting({ before: '2020-01-01T00:00:00Z' }), 'points orders-db', 3],
  [
    'another that holds it',
    'The run r-1 has held the workload since 03:00, and holds it until 04:00 at the latest.',
    'status orders-db',
    3,
  ],
  ['options that do not fit', '--replace is for members of kind ami, and the point has none.', 'recover --help', 3],
  ['an instance that is none', '"i-1" is not an instance id (i- and 8 or 17 hexadecimal digits).', 'recover --help', 3],
  ['a device that is not in it', 'The point holds no volume of /dev/sdz; it holds /dev/sdh.', 'recover --help', 3],
  ['resources as they are now', 'i-0a1b2c3d does not exist.', 'doctor orders-db', 3],
  ['no such workload', 'There is no workload "orders-db" in the deployed policy. It has: appliance.', 'status', 2],
])('a recovery that is refused for %s is told what shows more of that', async (_, words, next, exitCode) => {
  expect(await refused(words)).toMatchObject({
    exitCode,
    message: expect.stringContaining(words),
    safe: 'orders-db has not been touched.',
    next: `npx holdfast ${next}`,
  });
});
