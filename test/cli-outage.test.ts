/** What the command line claims when AWS stops answering in the middle: never more than it knows. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Relay, relayTo } from './relay.ts';
import { type ServedRegion, serveRegion } from './served-region.ts';

let region: ServedRegion;
let relay: Relay;

beforeAll(async () => {
  region = await serveRegion(120);
  relay = await relayTo(region.url);
  const { code } = await region.holdfast(['backup', 'appliance']);
  expect(code).toBe(0);
});
beforeEach(() => relay.treat(() => 'pass'));
afterAll(async () => {
  relay.close();
  expect(await region.end()).toBe(0);
});

/** Calls `break` once, when the command has shown it. */
function once(text: string, then: () => void): (out: string) => void {
  let isOver = false;
  return (out) => {
    if (isOver || !out.includes(text)) return;
    isOver = true;
    then();
  };
}

/** So many replies of the calls that match are lost; the calls have their effect. */
function lose(most: number, isMeant: (call: Parameters<Parameters<Relay['treat']>[0]>[0]) => boolean): () => number {
  let lost = 0;
  relay.treat((call) => {
    if (lost >= most || !isMeant(call)) return 'pass';
    lost += 1;
    return 'lose';
  });
  return () => lost;
}

test('a recovery is watched through a time in which AWS does not answer, which is told once', async () => {
  const onOutput = once('"event":"begun"', () => {
    let refused = 0;
    // More than the client's own attempts.
    relay.treat(() => (refused++ < 6 ? 'refuse' : 'pass'));
  });
  const { code, err, lines } = await region.holdfast(['recover', 'appliance', '--yes', '--json'], {
    through: relay.url,
    onOutput,
  });
  expect([code, err]).toEqual([0, '']);
  expect(lines().at(-1)).toMatchObject({ event: 'committed' });
  const details = lines().flatMap(({ detail }) => (typeof detail === 'string' ? [detail] : []));
  expect(details).toEqual([expect.stringContaining('AWS does not answer'), 'AWS answers again.']);
});

test('a recovery that can no longer be watched goes on: no other end is claimed, exit code 130', async () => {
  const onOutput = once('"event":"begun"', () =>
    relay.treat(() => ({
      status: 400,
      body: JSON.stringify({ __type: 'ExpiredTokenException', message: 'The security token has expired' }),
    })),
  );
  const { code, err, lines } = await region.holdfast(['recover', 'appliance', '--yes', '--json'], {
    through: relay.url,
    onOutput,
  });
  expect(code).toBe(130);
  expect(lines().at(-1)).toMatchObject({ event: 'error', exitCode: 130 });
  expect(err).not.toContain('Nothing was changed');
  expect(err).toContain('The security token has expired');
  expect(err).toMatch(/The recovery appliance-recover-\w+ goes on, and rolls itself back if it fails/);
  expect(err).toContain('npx holdfast status appliance --watch');
  const standing = async () => Object((await region.holdfast(['status', 'appliance', '--json'])).json()).workloads[0];
  await expect.poll(standing, { timeout: 60_000 }).not.toHaveProperty('recovery');
});

test('a recovery whose beginning was not answered is found by its name, and watched', async () => {
  const lost = lose(4, ({ target, body }) => target.endsWith('StartExecution') && !body.includes('dryRun'));
  const { code, lines } = await region.holdfast(['recover', 'appliance', '--yes', '--json'], { through: relay.url });
  expect([code, lost()]).toEqual([0, 4]);
  expect(lines().at(-1)).toMatchObject({ event: 'committed' });
});

test('a backup whose beginning was not answered is one backup, and watched', async () => {
  const before = await pointIds();
  const lost = lose(4, ({ path }) => path.includes('/invocations'));
  const { code, lines } = await region.holdfast(['backup', 'appliance', '--json'], { through: relay.url });
  expect([code, lost()]).toEqual([0, 4]);
  expect(lines().at(-1)).toMatchObject({ event: 'sealed' });
  expect(await pointIds()).toHaveLength(before.length + 1);
});

const pointIds = async (): Promise<readonly string[]> =>
  Object((await region.holdfast(['points', 'appliance', '--json'])).json()).points.map(({ id }: { id: string }) => id);
