/** Two teams, each with a stack of its own, in one account and Region. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run as doctor } from '#cli/doctor.ts';
import { otherStacks } from '#cli/other-stacks.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import type { PolicyInput } from '#domain/policy-schema.ts';
import { denied } from './scenario/holding.ts';
import { appliance, database, databaseId, nightly } from './scenario/policy.ts';
import {
  closeStage,
  dayMs,
  deployBeside,
  failuresAddress,
  hourMs,
  openStage,
  pointsIn,
  type Stage,
} from './scenario/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-several-stacks-'));
const policyFile = join(folder, 'holdfast.yaml');
let stage: Stage;
afterEach(() => closeStage(stage));
afterAll(() => rmSync(folder, { recursive: true }));

const nobody = 'nobody@example.com';
const theirAddress = 'billing@example.com';
const alarms = () => stage.services.cloudwatch.alarming().map(({ definition }) => definition.name);

/** Both have a workload `nightly`, and with it runs of the same names. */
const ours = nightly({ nightly: appliance() });
const theirs = { ...nightly({ nightly: database() }), mail: { failures: [nobody] } };

describe('stacks beside each other', () => {
  it('raise alarms of their own only', async () => {
    stage = await openStage({ policy: ours, sns: { neverConfirmed: [nobody] } });
    await deployBeside(stage, 'Billing', theirs);
    await stage.time.advance(1.5 * hourMs);
    expect(alarms()).toEqual([expect.stringMatching(/^Billing.*NobodyTold/)]);
    expect(stage.inbox(failuresAddress).filter(({ subject }) => subject.includes('NobodyTold'))).toEqual([]);
  });

  it('take points of their own, though their runs have the same names', async () => {
    stage = await openStage({ policy: ours });
    await deployBeside(stage, 'Billing', theirs);
    await stage.time.advance(4 * hourMs);
    const taken = [...stage.services.ec2.world.snapshots.values()]
      .map(({ tags }) => [tags.get('holdfast:stack'), tags.get('holdfast:run'), tags.get('holdfast:verdict')].join(' '))
      .toSorted();
    const run = 'nightly-20260115T030000Z';
    expect(taken).toEqual([
      ...Array.from({ length: 4 }, () => `Billing ${run} application-consistent`),
      `Holdfast ${run} crash-consistent`,
    ]);
  });
});

describe('stacks that back up the same', () => {
  const at = (cron: string, changes: Parameters<typeof database>[0] = {}) =>
    database({ schedule: { cron, timeZone: 'UTC' }, ...changes });
  const queue = (cron: string) => ({
    ...{ schedule: { cron, timeZone: 'UTC' }, members: [{ kind: 'rds' as const, resource: 'queue' }] },
  });

  async function open(own: PolicyInput['workloads'], other: PolicyInput['workloads']) {
    const policy = nightly(own);
    writeFileSync(policyFile, stringify(policy));
    stage = await openStage({ policy });
    stage.services.rds.world.launch({ name: 'queue' });
    await deployBeside(stage, 'Billing', { ...nightly(other), mail: { failures: [theirAddress] } });
  }

  /** Asked by whoever may do what the stack's policies say, and no more. */
  async function notes(): Promise<readonly string[]> {
    const { HoldfastReaders = '', HoldfastOperators = '' } = stage.deployed;
    stage.admit('AKIAOPERATOR', ...HoldfastReaders.split(','), ...HoldfastOperators.split(','));
    const terminal = scriptedTerminal();
    const settings = { stack: 'Holdfast', policy: policyFile, debug: false };
    await stage.drive(doctor({}, { terminal, settings }));
    const { examinations } = Object(terminal.events[0]);
    return examinations.flatMap((each: { notes?: string[] }) => each.notes ?? []);
  }

  it('are told of by the doctor, as long as the other goes on', async () => {
    await open(
      { ours: at('0 3 * * ? *'), appliance: appliance(), queue: queue('0 2 * * ? *') },
      { theirs: at('0 4 * * ? *'), mails: queue('30 4 * * ? *') },
    );
    await stage.time.advance(5 * hourMs);
    const words = (resource: string, artifact: string, run: string, time: string) =>
      `${resource} is backed up by the stack Billing, too (${artifact} of its run ${run}, of ${time}): what is held by one is refused to the other, recoveries of the two do not wait for each other, and it is paid for twice. Name it in one policy only.`;
    const beside = [
      words(databaseId, 'ec2 snapshot', 'theirs-20260115T040000Z', '2026-01-15 04:00:00Z'),
      words('queue', 'rds snapshot', 'mails-20260115T043000Z', '2026-01-15 04:30:00Z'),
    ];
    expect((await notes()).filter((note) => note.includes('Billing'))).toEqual(beside);
    const members = [databaseId, 'queue'].map((resource) => ({
      ...{ kind: 'ebs' as const, resource, tier: 1, artifacts: 1, detail: {} },
    }));
    const look = (days: number) => stage.drive(otherStacks()(members, stage.clock.nowMs() + days * dayMs));
    expect(await look(7)).toEqual(beside);
    expect(await look(9)).toEqual([]);
  });

  it('are not looked for again where that is denied, which is told once and keeps nobody from asking the rest', async () => {
    await open({ ours: at('0 3 * * ? *'), appliance: appliance() }, { theirs: queue('0 4 * * ? *') });
    stage.faults.add({ service: 'tagging', operation: 'GetTagValues', effect: denied });
    expect(await notes()).toEqual([
      expect.stringMatching(/^While looking whether another stack backs up the same: .*not authorized/),
    ]);
    expect(stage.calls.of('tagging', 'GetTagValues')).toHaveLength(1);
  });

  it('hold it still one after the other: the second is refused, and says which run has it', async () => {
    await open({ ours: at('0 3 * * ? *') }, { theirs: at('0 3 * * ? *') });
    await stage.time.advance(3 * hourMs);
    const [mail, ...others] = stage.inbox(theirAddress).filter(({ subject }) => subject.includes('FAILED'));
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('[Holdfast] theirs: backup FAILED; application released');
    expect(mail?.message).toContain('held by run ours-20260115T030000Z');
    expect((await pointsIn(stage, 'ours')).map(({ verdict }) => verdict.consistency)).toEqual([
      'application-consistent',
    ]);
  });
});
