/** The demo as it is run by a newcomer. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../demo/main.ts', import.meta.url));

interface Line {
  readonly act: string;
  readonly title?: string;
  readonly check?: { readonly what: string; readonly holds: boolean };
  readonly block?: string;
  readonly at?: string;
  readonly text?: string;
}

let ended: ReturnType<typeof spawnSync>;
let lines: readonly Line[];
beforeAll(() => {
  // An endpoint that nobody serves: the demo must not use what this machine is set up for.
  const env = { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_PROFILE: 'none', NODE_OPTIONS: '' };
  ended = spawnSync(process.execPath, [main, '--json'], { env, encoding: 'utf8', maxBuffer: 1e8 });
  lines = String(ended.stdout)
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line));
});

test('every check holds, and the exit code says so', () => {
  const checks = lines.flatMap(({ check }) => check ?? []);
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(checks.length).toBeGreaterThan(50);
  expect(ended.status).toBe(0);
  expect(ended.stderr).toBe('');
});

test('the acts come in order, from the deployment to the summary', () => {
  expect(lines.filter(({ title }) => title !== undefined).map(({ act }) => act)).toEqual([
    'deploy',
    'night',
    'points',
    'failed-night',
    'disaster',
    'dry-run',
    'recovery',
    'roll-back',
    'inbox',
    'cold-night',
    'failed-cold-window',
    'set-recovery',
    'summary',
  ]);
});

test('it says that it is simulated, and from which seed', () => {
  expect(lines[0]).toMatchObject({ act: 'opening', say: expect.stringContaining('SIMULATED') });
  expect(lines).toContainEqual(expect.objectContaining({ seed: 7, simulated: true }));
});

test('the mail of the failed night says first how the application is', () => {
  const mail = lines.find(({ act, block }) => act === 'failed-night' && block?.startsWith('Subject:'))?.block ?? '';
  expect(mail).toMatch(
    /^Subject: \[Holdfast\] orders-db: backup FAILED; application released\n\nAPPLICATION: released/,
  );
});

test('what the cold night took is told in its order: suspended, asked for, fixed, read, resumed', () => {
  const moments = lines.filter(({ act, at }) => act === 'cold-night' && at !== undefined);
  expect(moments.map(({ text }) => text)).toEqual([
    expect.stringContaining('is suspended'),
    expect.stringContaining('are asked for'),
    expect.stringContaining('rows are of this moment'),
    expect.stringContaining('last shard'),
    expect.stringContaining('fixed for a guard'),
    expect.stringContaining('has read'),
    expect.stringContaining('is resumed'),
  ]);
  expect(moments).toEqual(moments.toSorted((one, other) => String(one.at).localeCompare(String(other.at))));
});
