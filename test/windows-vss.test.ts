/** Nights of a Windows guest, whose snapshots AWS's own document takes through VSS. Simulated: it was not run on Windows. */
import { afterEach, expect, it } from 'vitest';
import type { Consistency } from '#domain/verdict.ts';
import { beginByVss } from '#providers/ebs/begin-by-vss.ts';
import type { LaunchSpec } from '#simulator/services/ec2/launch-spec.ts';
import { firstRun, mails } from './scenario/holding.ts';
import { nightly } from './scenario/policy.ts';
import { functionNamed } from './scenario/recovering.ts';
import {
  closeStage,
  failuresAddress,
  hourMs,
  isHeld,
  night,
  openStage,
  pointsIn,
  type Stage,
  until,
} from './scenario/stage.ts';
import { launchWindows, vssPolicy, windows, windowsId } from './scenario/windows.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

type Workload = Parameters<typeof windows>[0];

const policyOf = (changes: Workload = {}, hook: { readonly noWriters?: boolean } = {}) =>
  nightly({ 'orders-db': windows({ quiesce: { hooks: [{ kind: 'windows-vss', ...hook }] }, ...changes }) });

async function open(policy = policyOf(), spec: Partial<LaunchSpec> = {}, may: object = vssPolicy): Promise<void> {
  stage = await openStage({ policy });
  launchWindows(stage, spec, may);
}

const snapshots = () => [...stage.services.ec2.world.snapshots.values()];
const sent = () => stage.calls.of('ssm', 'SendCommand').filter(({ outcome }) => outcome !== 'refused');
const createdBy = (kind: string) =>
  stage.calls.of('ec2', 'CreateSnapshots').filter(({ call }) => call.caller.name.startsWith(kind));
const failureText = () => stage.inbox(failuresAddress)[0]?.message ?? '';

/** What is in the snapshots, whatever anybody says of them. */
async function contentOf(): Promise<readonly Consistency[]> {
  const [point] = await pointsIn(stage, 'orders-db');
  const ids = point?.artifacts.map(({ id }) => id) ?? [];
  return stage.services.ec2.world.judgeSnapshots(ids).map(({ consistency }) => consistency as Consistency);
}

it('seals an application-consistent point of the snapshots that the guest took, all volumes but the root', async () => {
  await open();
  await night(stage);
  const [point] = await pointsIn(stage, 'orders-db');
  expect(point?.verdict.consistency).toBe('application-consistent');
  expect(point?.verdict.evidence.join('\n')).toContain('each snapshot has AppConsistent=True');
  expect(await contentOf()).toEqual(['application-consistent']);
  expect(point?.artifacts.map(({ id }) => id).toSorted()).toEqual(
    snapshots()
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(snapshots().map(({ origin }) => origin?.device)).toEqual(['xvdf', 'xvdg']);
  expect(createdBy('function:')).toEqual([]);
  expect(mails(stage)).toEqual([]);
});

it('sends nothing at the release: the window closes with VSS having let go by itself', async () => {
  await open();
  await night(stage);
  const { window } = await firstRun(stage);
  expect(sent()).toHaveLength(1);
  expect(window?.holds).toMatchObject([{ state: 'free', releasedBy: 'itself', confirmedAt: expect.any(String) }]);
  expect(window?.releasedAt).toBeDefined();
});

it('takes the root volume, too, when the policy says all', async () => {
  await open(policyOf({ members: [{ kind: 'ebs', instance: { id: windowsId }, volumes: 'all' }] }));
  await night(stage);
  expect((await pointsIn(stage, 'orders-db'))[0]).toMatchObject({
    artifacts: { length: 3 },
    verdict: { consistency: 'application-consistent' },
  });
});

it('puts the tags on the snapshots by which a point is found without the ledger', async () => {
  await open();
  await night(stage);
  const tags = Object.fromEntries(snapshots()[0]?.tags ?? []);
  expect(tags).toMatchObject({
    'holdfast:workload': 'orders-db',
    'holdfast:count': '2',
    'holdfast:verdict': 'application-consistent',
  });
  const { id } = stage.services.ec2.world.volumeAt(windowsId, 'xvdf');
  expect(tags[`holdfast:volume:${id}`]).toMatch(/^xvdf gp3 50GiB /);
});

it('calls a point without the applications’ writers crash-consistent', async () => {
  await open(policyOf({}, { noWriters: true }));
  await night(stage);
  const [point] = await pointsIn(stage, 'orders-db');
  expect(point?.verdict.consistency).toBe('crash-consistent');
  expect(point?.verdict.evidence.join()).toContain("left the applications' writers out, as the policy says");
});

it.each<[string, Partial<LaunchSpec>, object, string]>([
  ['whose guest lacks the VSS components', { vssComponents: false }, vssPolicy, 'AwsVssComponents is not installed'],
  ['whose role may not create snapshots', {}, { Statement: [] }, 'UnauthorizedOperation'],
])('fails the night of an instance %s, tells by mail, and leaves nothing held', async (_, spec, may, words) => {
  await open(policyOf(), spec, may);
  await night(stage);
  const run = await firstRun(stage);
  expect(run).toMatchObject({ state: 'failed', failure: { name: 'QuiesceFault' } });
  expect(run.window?.releasedAt).toBeDefined();
  expect(isHeld(stage, windowsId)).toBe(false);
  expect(mails(stage)).toEqual(['orders-db: backup FAILED; application released']);
  expect(failureText()).toContain(words);
  expect(failureText()).toContain('APPLICATION: running. VSS lets go by itself');
  expect(snapshots()).toEqual([]);
});

it('takes a crash-consistent point after all when VSS fails and the policy wants one', async () => {
  const quiesce = { hooks: [{ kind: 'windows-vss' as const }], onFailure: 'crash-consistent' as const };
  await open(policyOf({ quiesce }), { vssComponents: false });
  await night(stage);
  const [point] = await pointsIn(stage, 'orders-db');
  expect(point?.verdict.consistency).toBe('crash-consistent');
  expect(point?.verdict.evidence.join()).toContain('AwsVssComponents is not installed');
  expect(createdBy('function:')).toHaveLength(1);
});

it('takes the guest’s own set when it cannot say that it is application-consistent, and the policy wants one', async () => {
  const [statement] = vssPolicy.Statement;
  const onCreation = {
    ...{ ...statement, Action: 'ec2:CreateTags' },
    Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
  };
  const quiesce = { hooks: [{ kind: 'windows-vss' as const }], onFailure: 'crash-consistent' as const };
  const may = { Statement: [{ ...statement, Action: 'ec2:CreateSnapshots' }, onCreation] };
  await open(policyOf({ quiesce }), {}, may);
  await night(stage);
  expect((await pointsIn(stage, 'orders-db'))[0]).toMatchObject({
    artifacts: { length: 2 },
    verdict: { consistency: 'crash-consistent' },
  });
  expect(createdBy('function:')).toEqual([]);
});

it('does not trust snapshots of a guest that never answered, and takes them away a day later', async () => {
  await open();
  stage.services.ssm.arrange.agentDiesMidCommand(windowsId, 'before-report');
  await night(stage);
  expect(await firstRun(stage)).toMatchObject({ state: 'failed', failure: { name: 'QuiesceFault' } });
  expect(failureText()).toContain('gave no answer in time');
  expect(snapshots()).toHaveLength(2);
  stage.services.ec2.arrange.agentOnline(windowsId);
  await night(stage);
  await stage.time.advance(12 * hourMs);
  expect((await pointsIn(stage, 'orders-db')).map(({ verdict }) => verdict.consistency)).toEqual([
    'application-consistent',
  ]);
  expect(snapshots().filter(({ goneAtMs }) => goneAtMs === undefined)).toHaveLength(2);
});

it.each([
  ['as long as the window lasts, and tells the document so', 40, 40],
  ['no longer than its own deadline', 900, 120],
])('awaits the guest %s', async (_, windowSeconds, seconds) => {
  await open();
  await night(stage);
  const { plan } = await firstRun(stage);
  const [member] = plan?.members ?? [];
  const [hook] = plan?.hooks ?? [];
  if (member === undefined || hook === undefined) throw new Error('The night has planned nothing.');
  stage.services.ssm.arrange.agentDiesMidCommand(windowsId, 'before-report');
  const run = {
    ...{ stack: 'Holdfast', workload: 'orders-db', runId: 'orders-db-20260116T030000Z', count: 2 },
    ...{ scheduledAt: '2026-01-16T03:00:00.000Z', expiresAt: '2026-02-15T03:00:00.000Z' },
    momentAt: '2026-01-16T02:59:57.000Z',
  };
  const fromMs = Date.now();
  const attempt = { again: false, windowEndsAtMs: fromMs + windowSeconds * 1000 };
  await expect(stage.drive(beginByVss(hook, member, run, attempt))).rejects.toThrow('no answer in time');
  expect(Date.now() - fromMs).toBeLessThanOrEqual(seconds * 1000);
  expect(Object(sent().at(-1)?.input).Parameters.executionTimeout).toEqual([String(seconds)]);
  const late = { again: false, windowEndsAtMs: Date.now() };
  await expect(stage.drive(beginByVss(hook, member, run, late))).rejects.toThrow('was over before');
  expect(sent()).toHaveLength(2);
});

it('makes one set when the reply to the command is lost', async () => {
  await open();
  stage.faults.add({ service: 'ssm', operation: 'SendCommand', times: 1, effect: { kind: 'lose-reply' } });
  await night(stage);
  expect(sent()).toHaveLength(1);
  expect(createdBy('instance:')).toHaveLength(1);
  expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
});

it.each([2, 3, 4, 5, 6])('makes one set when the function dies after its call %i', async (afterCalls) => {
  await open();
  stage.services.lambda.crash({ functionName: functionNamed(stage, 'BeginTiers'), afterCalls });
  await night(stage);
  expect(createdBy('instance:')).toHaveLength(1);
  expect((await pointsIn(stage, 'orders-db'))[0]?.verdict.consistency).toBe('application-consistent');
});

it('refuses an instance without a role when the run is planned', async () => {
  stage = await openStage({ policy: policyOf() });
  stage.services.ec2.world.launchInstance({
    id: windowsId,
    name: 'x',
    platform: 'Windows',
    volumes: [{ device: 'xvdf', sizeGib: 1 }],
  });
  await night(stage);
  expect((await firstRun(stage)).failure?.message).toContain('AWSEC2VssSnapshotPolicy');
  expect(sent()).toEqual([]);
});

it('refuses a guest that does not run Windows when the run is planned', async () => {
  await open(policyOf(), { platform: 'Linux' });
  await night(stage);
  expect((await firstRun(stage)).failure?.message).toContain('runs Linux, and windows-vss holds Windows guests only');
  expect(sent()).toEqual([]);
});

it('never holds an application for longer than ten seconds', async () => {
  await open();
  await until(stage, 'VSS holds', () => isHeld(stage, windowsId), 3 * 3_600_000);
  const fromMs = Date.now();
  await until(stage, 'VSS lets go', () => !isHeld(stage, windowsId), 10_000);
  expect(Date.now() - fromMs).toBeLessThanOrEqual(10_000);
});
