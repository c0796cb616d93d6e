/** A cold window of an application that runs on no instance: a function of the owner's suspends it, its database is taken. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { run as plan } from '#cli/plan.ts';
import { scriptedTerminal } from '#cli/scripted-terminal.ts';
import { firstRun, mails, stopExecution } from './scenario/holding.ts';
import { type database, nightly } from './scenario/policy.ts';
import {
  closeStage,
  failuresAddress,
  hourMs,
  minuteMs,
  night,
  openStage,
  pointsIn,
  redeploy,
  runsIn,
  type Stage,
} from './scenario/stage.ts';

let stage: Stage;
let code: string;

/** What the owner would deploy; the environment says how it misbehaves, the module keeps what it was asked. */
const source = `
let held = false;
const asked = [];
export const handler = async ({ action }) => {
  asked.push(action);
  if (process.env.BROKEN === action) throw new Error('cannot ' + action);
  const wasHeld = held;
  if (action === 'quiesce') held = process.env.SLOW !== 'yes';
  if (action === 'check' && asked.filter((each) => each === 'check').length > 2) held = held || !asked.includes('release');
  if (action === 'release') held = false;
  return { held, wasHeld };
};
`;

beforeAll(() => {
  code = mkdtempSync(join(tmpdir(), 'holdfast-suspend-'));
});

afterAll(() => rmSync(code, { recursive: true }));

afterEach(() => closeStage(stage));

const orders: ReturnType<typeof database> = {
  schedule: { cron: '0 3 * * ? *' },
  members: [{ kind: 'rds', resource: 'orders' }],
  quiesce: { hooks: [{ kind: 'lambda', function: 'suspend-orders', deadlineSeconds: 3600 }] },
};
const policy = nightly({ orders });

async function open(environment: Readonly<Record<string, string>> = {}, tellsDatabaseTime = true): Promise<void> {
  stage = await openStage({ policy });
  stage.services.rds.world.launch({ name: 'orders', tellsDatabaseTime });
  const directory = mkdtempSync(join(code, 'function-'));
  writeFileSync(join(directory, 'index.mjs'), source);
  await stage.services.lambda.deploy({
    name: 'suspend-orders',
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:suspend-orders',
    codeDirectory: directory,
    handler: 'index.handler',
    roleArn: 'arn:aws:iam::123456789012:role/suspend',
    accessKeyId: 'AKIASUSPEND',
    environment,
    timeoutSeconds: 30,
    memoryMib: 256,
  });
}

const isHolding = async () => (await firstRunOrNone())?.window?.holds[0]?.state === 'held';
const firstRunOrNone = () => firstRun(stage, 'orders').catch(() => undefined);

it('is application-consistent: suspended before the snapshot, resumed when it is available', async () => {
  await open();
  await stage.time.advance(2 * hourMs + 2 * minuteMs);
  expect(await isHolding()).toBe(true);
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.consistency).toBe('application-consistent');
  const run = await firstRun(stage, 'orders');
  expect(run.window?.holds[0]).toMatchObject({ state: 'free', releasedBy: 'release' });
  expect(mails(stage)).toEqual([]);
});

it('waits until the function says that nothing is processed any more', async () => {
  await open({ SLOW: 'yes' });
  await stage.time.advance(3 * hourMs);
  const run = await firstRun(stage, 'orders');
  const { confirmedAt = '', state } = run.window?.holds[0] ?? { state: 'intended' };
  expect(state).toBe('free');
  expect(Date.parse(confirmedAt) - Date.parse(run.window?.intendedAt ?? '')).toBeGreaterThan(6000);
});

it('stops the run and resumes when the function cannot suspend', async () => {
  await open({ BROKEN: 'quiesce' });
  await stage.time.advance(3 * hourMs);
  const run = await firstRun(stage, 'orders');
  expect(run.failure).toMatchObject({ name: 'QuiesceFault', message: expect.stringContaining('cannot quiesce') });
  expect(run.artifacts).toEqual([]);
  expect(run.window?.releasedAt).toBeDefined();
});

it('goes on asking, and tells, when the function does not resume', async () => {
  await open({ BROKEN: 'release' });
  await stage.time.advance(4 * hourMs);
  expect(mails(stage).some((subject) => subject.includes('RELEASE NOT CONFIRMED'))).toBe(true);
});

it('tells the command that resumes it, when its hook leaves the policy while it holds, and the right to ask it goes with that', async () => {
  await open();
  await stage.time.advance(2 * hourMs + 2 * minuteMs);
  expect(await isHolding()).toBe(true);
  await redeploy(stage, nightly({ orders: { ...orders, quiesce: { hooks: [] } } }));
  await stage.time.advance(2 * hourMs);
  const { message = '' } = stage.inbox(failuresAddress).find(({ subject }) => subject.includes('NOT CONFIRMED')) ?? {};
  const { id = '', window } = await firstRun(stage, 'orders');
  const payload = JSON.stringify({ action: 'release', run: id, deadlineSeconds: 3600 });
  expect(message).toContain('aws lambda invoke --function-name suspend-orders');
  expect(message).toContain(`--payload '${payload}'`);
  expect(message).toContain('the one that suspend-orders set for itself should resume it by');
  expect(window?.holds[0]?.problem).toContain('Asking failed: AccessDeniedException');
});

it('is warned of, and then refused, once its window is shorter than the last runs took', async () => {
  await open();
  const short = nightly({ orders: { ...orders, window: '5m' } });
  const file = join(code, 'short.yaml');
  writeFileSync(file, JSON.stringify(short));
  const planned = async () => {
    const terminal = scriptedTerminal();
    const settings = { stack: 'Holdfast', policy: file, debug: false };
    await stage.drive(plan({}, { terminal, settings }));
    return Object(terminal.events[0]).workloads[0];
  };
  const tooShort = expect.stringMatching(
    /^orders: The window is over after 5 min, and .* tier 1 took \d min in the last run. Give the workload a longer window: 1h.$/,
  );
  expect(await planned()).toMatchObject({ refusals: [], notes: expect.not.arrayContaining([tooShort]) });
  await night(stage);
  expect(await planned()).toMatchObject({ refusals: [], notes: expect.arrayContaining([tooShort]) });
  await night(stage);
  expect(await planned()).toMatchObject({ refusals: [tooShort] });
  await redeploy(stage, short);
  const asked = stage.services.lambda.invocations.length;
  await night(stage);
  const [newest] = await runsIn(stage, 'orders');
  expect(newest?.failure).toMatchObject({ name: 'InvalidRequest', message: tooShort });
  expect(newest?.window).toBeUndefined();
  const suspended = stage.services.lambda.invocations
    .slice(asked)
    .filter(({ functionName }) => functionName === 'suspend-orders');
  expect(suspended).toEqual([]);
});

it('resumes also when somebody stops the execution, and does not call the point more than it is', async () => {
  await open({}, false);
  // So early that no sweep takes it up: the guard does.
  await stage.time.advance(2 * hourMs + minuteMs + 20_000);
  expect(await isHolding()).toBe(true);
  await stopExecution(stage);
  await stage.time.advance(30_000);
  const run = await firstRun(stage, 'orders');
  expect(run.window?.holds[0]).toMatchObject({ state: 'free', releasedBy: 'release' });
  await stage.time.advance(hourMs);
  const [point] = await pointsIn(stage, 'orders');
  expect(point?.verdict.consistency).toBe('crash-consistent');
  expect(point?.verdict.evidence.join()).toContain('not before the release');
});
