/** An image is brought back by a person, with commands that are filled in. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appliance, applianceId, databaseId, nightly } from './scenario/policy.ts';
import { emptyLedger, failureOf, recover, recovered } from './scenario/recovering.ts';
import { closeStage, night, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

const disk = { kind: 'ebs', instance: { id: applianceId }, volumes: 'data' } as const;
const box = { kind: 'ami', instance: { tags: { Name: 'box' } } } as const;
const policy = nightly({
  set: appliance({ members: [disk, box] }),
  alone: appliance({ members: [{ kind: 'ami', instance: { id: databaseId } }] }),
});
const elasticIp = '203.0.113.7';

beforeEach(async () => {
  stage = await openStage({ policy });
  stage.services.ec2.world.launchInstance({ name: 'box', keyName: 'ops', userData: "echo 'up'", elasticIp });
  await night(stage);
});

afterEach(() => closeStage(stage));

const image = async (workload: string) =>
  (await pointsIn(stage, workload))[0]?.artifacts.find(({ kind }) => kind === 'ami');

async function dryRun(workload: string): Promise<{ readonly warnings: string[]; readonly calls: string[] }> {
  const { output = '' } = await recover(stage, { workload, dryRun: true });
  return JSON.parse(output);
}

it('says first how to launch it as it was, and how to change places and back', async () => {
  const { warnings, calls } = await dryRun('set');
  const { id = '', source = '' } = (await image('set')) ?? {};
  const byHand = calls.filter((line) => line.startsWith('# by hand: aws ec2 ')).map((line) => line.slice(19));
  expect(byHand[0]).toMatch(
    new RegExp(
      `^run-instances --image-id ${id} --count 1 --cli-input-json '\\{"InstanceType":"m5.large","KeyName":"ops"`,
    ),
  );
  expect(byHand[0]).toContain(String.raw`"UserData":"echo '\''up'\''"`);
  expect(byHand.slice(1).map((line) => line.replace(/"\$\(.*\)"/, '…'))).toEqual([
    'wait instance-status-ok --instance-ids <new instance>',
    `stop-instances --instance-ids ${source} # the old one, once the new one works; it is kept`,
    'associate-address --allow-reassociation --allocation-id … --instance-id <new instance>',
    `start-instances --instance-ids ${source} # the way back, after stopping the new one`,
    `associate-address --allow-reassociation --allocation-id … --instance-id ${source} # the way back`,
  ]);
  expect(calls.join()).toContain(`describe-addresses --public-ips ${elasticIp}`);
  expect(warnings.join()).toContain(`ami ${source} is brought back by hand. Launch it beside the present instance`);
  expect(warnings.join()).toContain('it has another instance id, and another private address than 10.0.0.10');
});

it('brings back the rest of the set, and touches no instance of the image', async () => {
  expect(failureOf(await recover(stage, { workload: 'set' }))).toBe(': ');
  expect(await recovered(stage, 'set')).toMatchObject({ state: 'committed', plan: { targets: [{ kind: 'ebs' }] } });
  const stopped = stage.calls.of('ec2', 'StopInstances').map(({ input }) => input);
  expect(stopped).toEqual([expect.objectContaining({ InstanceIds: [applianceId] })]);
});

it('refuses a point that has nothing else, in the same words', async () => {
  const failure = failureOf(await recover(stage, { workload: 'alone' }));
  expect(failure).toContain(`InvalidRequest: ami ${databaseId} is brought back by hand.`);
  expect(failure).toContain(`aws ec2 run-instances --image-id ${(await image('alone'))?.id}`);
});

it('is known from its tags when the ledger is gone, without what only that knew', async () => {
  const { id } = (await image('set')) ?? {};
  await emptyLedger(stage, 'set');
  const { calls } = await dryRun('set');
  expect(calls.join()).toContain(`aws ec2 run-instances --image-id ${id} --count 1 --instance-type …`);
});
