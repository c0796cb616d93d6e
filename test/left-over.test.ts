/** Points with parts of a kind of which the policy has no member any more: the stack has no rights to them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { run as status } from '#cli/status.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { appliance, nightly } from './scenario/policy.ts';
import {
  closeStage,
  dayMs,
  hourMs,
  openStage,
  pointsIn,
  redeploy,
  reportsAddress,
  type Stage,
  subjects,
} from './scenario/stage.ts';
import { thinOutSweeps, toldBy } from './scenario/sweeps.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-left-over-'));
let stage: Stage;

afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const retention = { days: 2, minimum: 1 };
const disk = appliance().members.map((member) => ({ ...member, tier: 2 }));
const withDatabase = nightly({
  appliance: appliance({ retention, members: [{ kind: 'rds', resource: 'orders' }, ...disk] }),
});
const without = nightly({ appliance: appliance({ retention }) });

const databaseSnapshots = () => [...stage.services.rds.world.snapshots.values()];
const live = async () => (await pointsIn(stage, 'appliance')).filter(({ retire }) => retire?.doneAt === undefined);

/** What a command says, in one line. */
async function said(command: typeof status, policy: PolicyInput): Promise<string> {
  const file = join(folder, 'holdfast.yaml');
  writeFileSync(file, stringify(policy));
  const terminal = scriptedTerminal();
  const settings = { stack: 'Holdfast', policy: file, debug: false };
  await stage.drive(command({ workload: 'appliance' }, { terminal, settings }));
  return terminal.lines.join(' ').replaceAll(/\s+/g, ' ');
}

/** Two nights with a database, and five after it has left the policy. */
async function openWithout(): Promise<void> {
  stage = await openStage({ policy: withDatabase });
  stage.services.rds.world.launch({ name: 'orders' });
  thinOutSweeps(stage, 3);
  await stage.time.advance(dayMs + 6 * hourMs);
  expect(await live()).toHaveLength(2);
  await redeploy(stage, without);
  await stage.time.advance(5 * dayMs);
}

it('stay and are told of, and keep no others from being retired', async () => {
  await openWithout();
  expect(databaseSnapshots()).toHaveLength(2);
  expect((await live()).map(({ id }) => id.slice(10, 18))).toEqual(['20260121', '20260120', '20260116', '20260115']);
  expect(toldBy(stage).filter((subject) => /BROKEN|cannot be deleted/.test(subject))).toEqual([]);
  expect(subjects(stage).filter((subject) => subject.includes('DeadLetters'))).toEqual([]);
  const words = '2 points have parts of kind rds, of which the policy has no member any more';
  expect(stage.inbox(reportsAddress).at(-1)?.message.replaceAll(/\s+/g, ' ')).toContain(words);
  for (const command of [status, doctor]) expect(await said(command, without)).toContain(words);
});

it('are retired once the policy names their kind as a former one, and told of no more', async () => {
  await openWithout();
  const named = { ...without, formerKinds: ['rds' as const] };
  await redeploy(stage, named);
  await stage.time.advance(6 * hourMs);
  expect(databaseSnapshots()).toEqual([]);
  expect((await live()).map(({ id }) => id.slice(10, 18))).not.toContain('20260116');
  expect(await said(status, named)).not.toContain('left over');
});
