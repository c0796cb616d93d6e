/** Temporary files that a recovered disk brings back: taken away once the guest can be asked, before anything judges it. */
import { afterEach, expect, it } from 'vitest';
import { database, databaseId, nightly } from './scenario/policy.ts';
import { functionNamed, leaseOf, portrait, recover, recovered } from './scenario/recovering.ts';
import { closeStage, failuresAddress, hourMs, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const cleanUp = [
  { roots: ['/mnt/sdf'], files: ['TEMP.*'] },
  { roots: ['/mnt/sdg'], folders: ['tmp', 'pending'] },
];
const temporary = ['/mnt/sdf/TEMP.usage', '/mnt/sdg/a/pending/7'];

const guest = () => stage.services.ec2.world.guest(databaseId);
const remains = () => [...temporary, '/mnt/sdf/kept'].filter((path) => guest().read(path) !== undefined);

/** A stage whose point has temporary files. */
async function open(recovery: object = {}): Promise<void> {
  stage = await openStage({ policy: nightly({ 'orders-db': database({ recovery: { cleanUp, ...recovery } }) }) });
  for (const path of [...temporary, '/mnt/sdf/kept']) await guest().write(path, 'of that night');
  await stage.time.advance(2 * hourMs + hourMs / 2);
  expect(await pointsIn(stage, 'orders-db')).toHaveLength(1);
}

/** Commands of the present recovery, in order, by what they are for. */
const commands = (recoveryId = 'recovery-1') =>
  stage.calls
    .of('ssm', 'SendCommand')
    .map(({ input }) => Object(input).Parameters)
    .filter(({ run }) => String(run) === recoveryId)
    .map(({ action, path, roots }) => `${action ?? path} ${roots ?? ''}`.trimEnd());
const purges = (recoveryId?: string) => commands(recoveryId).filter((command) => command.startsWith('purge'));

it('goes before the verify script, which judges what is left', async () => {
  await open({ verify: '/opt/holdfast/verify' });
  let seen: readonly string[] = [];
  guest().installProgram('/opt/holdfast/verify', () => {
    seen = remains();
    return 0;
  });
  const execution = await recover(stage, { workload: 'orders-db' });
  expect(execution.status).toBe('SUCCEEDED');
  expect(commands()).toEqual(['purge /mnt/sdf', 'purge /mnt/sdg', '/opt/holdfast/verify']);
  expect(seen).toEqual(['/mnt/sdf/kept']);
});

it('goes without a verify script too', async () => {
  await open();
  const execution = await recover(stage, { workload: 'orders-db' });
  expect(execution.status).toBe('SUCCEEDED');
  expect(purges()).toEqual(commands());
  expect(remains()).toEqual(['/mnt/sdf/kept']);
});

it('that is left rolls the recovery back, and mail and record name it', async () => {
  await open({ verify: '/opt/holdfast/verify' });
  const before = portrait(stage, databaseId);
  guest().remove = () => undefined;
  const execution = await recover(stage, { workload: 'orders-db' });
  expect(execution.status).toBe('FAILED');
  expect(portrait(stage, databaseId)).toBe(before);
  expect(await leaseOf(stage, 'orders-db')).toBeUndefined();
  expect(commands()).toEqual(['purge /mnt/sdf']);
  const words = 'the clean-up of /mnt/sdf did not take all temporary files away';
  const record = await recovered(stage, 'orders-db');
  expect(record?.state).toBe('rolled-back');
  expect(record?.failure?.message).toContain(words);
  expect(record?.failure?.message).toContain('/mnt/sdf/TEMP.usage');
  expect(stage.inbox(failuresAddress)[0]?.message).toContain(words);
});

it('is asked for again, harmlessly, when the function that sends it dies', async () => {
  await open();
  await recover(stage, { workload: 'orders-db' });
  const functionName = functionNamed(stage, 'VerifyRecovery');
  const undisturbed = stage.services.lambda.invocations.filter((each) => each.functionName === functionName);
  const made = stage.calls.all().filter(({ call }) => call.caller.name === `function:${functionName}`);
  const lastOnes = made.slice(-(undisturbed.at(-1)?.calls ?? 0)).map(({ call }) => call.operation);
  const first = lastOnes.indexOf('SendCommand');
  const second = lastOnes.lastIndexOf('SendCommand');
  const sent: number[] = [];
  // The same seed makes the same recovery, up to the crash.
  for (const afterCalls of [first, first + 1, second, second + 1]) {
    closeStage(stage);
    await open();
    stage.services.lambda.crash({ functionName, afterCalls, skip: undisturbed.length - 1 });
    const execution = await recover(stage, { workload: 'orders-db' });
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    expect(remains()).toEqual(['/mnt/sdf/kept']);
    sent.push(purges().length);
  }
  expect(sent).toEqual([2, 3, 3, 4]);
});

it('does no harm when SSM delivers its command twice', async () => {
  await open();
  stage.faults.add({ service: 'ssm', operation: 'SendCommand', times: 2, effect: { kind: 'deliver-twice' } });
  const execution = await recover(stage, { workload: 'orders-db' });
  expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
  expect(remains()).toEqual(['/mnt/sdf/kept']);
});

it('is shown by a dry run, which takes nothing away', async () => {
  await open();
  const dry = await recover(stage, { workload: 'orders-db', dryRun: true }, 'dry-run');
  const { calls }: { calls: string[] } = JSON.parse(dry.output ?? '');
  expect(calls.slice(-2)).toEqual([
    expect.stringMatching(/^aws ssm send-command .*clean-up document.*"action":\["purge"\].*"roots":\["\/mnt\/sdf"\]/),
    expect.stringMatching(/^aws ssm send-command .*"folders":\["tmp,pending"\]/),
  ]);
  expect(commands('dry-run')).toEqual([]);
  expect(remains()).toHaveLength(3);
});
