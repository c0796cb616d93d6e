/** What plans have copied, as the command line shows it and brings it back, with the rights that the stack’s policies give to people. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedRegion, serveRegion } from './served-region.ts';

const directory = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
const policy = join(directory, 'policy.yaml');
const id = 'boxes.1-day.20260115T100200Z';
let region: ServedRegion;

beforeAll(async () => {
  writeFileSync(
    policy,
    `
version: 1
mail: { failures: [ops@example.com] }
plans:
  boxes: { select: { tags: { Name: appliance } }, rules: [{ cron: "2 10 ? * * *" }] }
workloads:
  appliance:
    schedule: { cron: "0 3 * * ? *" }
    members: [{ kind: ebs, instance: { tags: { Name: appliance } }, volumes: data }]
    objectives: { rpo: 26h, rto: 60m }
`,
  );
  region = await serveRegion(600, policy);
});

afterAll(async () => {
  expect(await region.end()).toBe(0);
  rmSync(directory, { recursive: true, force: true });
});

const as = { as: 'readers' } as const;
const listed = async (): Promise<readonly { readonly id: string; readonly state: string }[]> =>
  Object((await region.holdfast(['points', 'appliance', '--json'], as)).json()).planPoints;

test('readers see the points of plans beside those of the ledger, and what their verdict rests on', async () => {
  await expect.poll(async () => (await listed()).map((point) => point.id), { timeout: 90_000 }).toEqual([id]);
  const { out } = await region.holdfast(['points', 'appliance'], as);
  expect(out).toContain('0 points');
  expect(out).toContain('with nothing held still; recovered by --point only');
  expect(out).toMatch(new RegExp(`${id} .* ebs vol-[0-9a-f]+ +1 +complete`));
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const told = await region.holdfast(['points', 'appliance', '--evidence'], as);
  expect(told.out.replaceAll(/\s+/g, ' ')).toContain('nothing was held still for them');
});

test('operators bring one back by its id, and are told of it when they ask for the newest', async () => {
  const newest = await region.holdfast(['recover', 'appliance', '--dry-run']);
  expect(newest.code).toBe(3);
  expect(newest.err).toContain(`--point ${id}`);
  const dry = await region.holdfast(['recover', 'appliance', '--point', id, '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.out).toContain('verdict   crash-consistent');
  const done = await region.holdfast(['recover', 'appliance', '--point', id, '--yes']);
  expect(done.err).toBe('Planning the recovery of appliance: a dry run in AWS, which changes nothing ...\n');
  expect(done.code).toBe(0);
});
