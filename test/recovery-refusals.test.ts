import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { denied } from '#simulator/kernel/faults.ts';
import { applianceId } from './scenario/policy.ts';
import { failureOf, leaseOf, openWithPoints, portrait, recover } from './scenario/recovering.ts';
import { failuresAddress, type Stage, subjects } from './scenario/stage.ts';

/** One stage for all: a refusal changes nothing, which is what the end looks at. */
let stage: Stage;
let before: string;
let count = 0;

beforeAll(async () => {
  stage = await openWithPoints();
  before = portrait(stage, applianceId);
});
afterEach(async () => {
  expect(portrait(stage, applianceId)).toBe(before);
  expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  const changed = stage.calls
    .mutating()
    .filter(({ call }) => call.caller.name.includes('PlanRecovery') && call.service === 'ec2');
  expect(changed).toEqual([]);
});
afterAll(() => {
  const complaints = stage.complaints();
  stage.close();
  expect(complaints).toEqual([]);
});

async function refusal(input: object): Promise<string> {
  count += 1;
  const execution = await recover(stage, input, `refused-${count}`);
  expect(execution.status).toBe('FAILED');
  return failureOf(execution);
}

/** What a dry run into an instance of this kind is refused for. */
async function refusalInto(spec: object): Promise<string> {
  const id = `i-0bbbbbbbbbbbb${String(1000 + count)}`;
  stage.services.ec2.world.launchInstance({ id, name: `other-${count}`, ...spec });
  return refusal({ workload: 'appliance', toInstance: id, dryRun: true });
}

describe('what is asked', () => {
  it.each([
    [{ workload: 'aplliance' }, /no workload "aplliance".*appliance, orders-db/],
    [
      { workload: 'appliance', point: 'appliance-20260115T020000Z' },
      /There is no point.*nearest are appliance-20260115T030000Z/,
    ],
    [{ workload: 'appliance', before: '2026-01-15T02:00:00Z' }, /No point was taken before/],
    [{ workload: 'appliance', before: 'yesterday' }, /not a time/],
    [{ workload: 'appliance', volumes: ['/dev/sdx'] }, /holds no volume of \/dev\/sdx; it holds \/dev\/sdh/],
    [{ workload: 'appliance', volumes: ['sdh; rm -rf /'] }, /not a device name/],
    [{ workload: 'appliance', toInstance: 'i-123' }, /not an instance id/],
    [{ workload: 'appliance', toInstance: 'i-0cccccccccccccccc' }, /does not exist in this Region/],
    [{ workload: 'appliance', dryrun: true }, /dryrun/],
    [{ point: 'latest' }, /workload/],
    [{ workload: 'appliance', dryRun: 'yes' }, /dryRun/],
  ])('%j', async (input, words) => {
    expect(await refusal(input)).toMatch(words);
  });

  it('is refused by mail too, unless it was a dry run', async () => {
    const mails = subjects(stage).length;
    await refusal({ workload: 'appliance', volumes: ['/dev/sdx'], dryRun: true });
    expect(subjects(stage)).toHaveLength(mails);
    await refusal({ workload: 'appliance', volumes: ['/dev/sdx'] });
    expect(subjects(stage)).toHaveLength(mails + 1);
    expect(stage.inbox(failuresAddress).at(-1)?.message).toContain('it holds /dev/sdh');
  });
});

describe('the instance', () => {
  it.each([
    [
      'in an Auto Scaling group',
      { autoScalingGroup: 'web' },
      /aws autoscaling enter-standby --instance-ids i-\w+ --auto-scaling-group-name web/,
    ],
    ['a Spot instance', { spot: 'one-time' }, /Spot instance/],
    ['with an instance-store root', { rootDeviceType: 'instance-store' }, /instance-store root/],
    [
      'protected against stopping',
      { disableApiStop: true },
      /aws ec2 modify-instance-attribute .*--no-disable-api-stop/,
    ],
    [
      'with the device under its other name',
      { volumes: [{ device: '/dev/xvdh', sizeGib: 1 }] },
      /under \/dev\/xvdh, which the guest sees under the same name as \/dev\/sdh/,
    ],
  ])('%s', async (_, spec, words) => {
    expect(await refusalInto(spec)).toMatch(words);
  });

  it('that carries another workload, whose volume would be replaced', async () => {
    const { id } = stage.services.ec2.world.instance('orders-db');
    expect(await refusal({ workload: 'appliance', toInstance: id, dryRun: true })).toMatch(
      /belongs to the workload orders-db/,
    );
  });
});

it('a snapshot that is gone is named', async () => {
  const { world } = stage.services.ec2;
  const snapshot = [...world.snapshots.values()].find(({ tags }) => tags.get('holdfast:workload') === 'appliance');
  world.snapshots.delete(snapshot?.id ?? '');
  expect(await refusal({ workload: 'appliance', dryRun: true })).toMatch(`${snapshot?.id} (/dev/sdh) no longer exists`);
});

describe('a plan that cannot be made', () => {
  it('changes nothing, gives the lease back and is told, with AWS’s own words', async () => {
    stage.faults.add({ service: 'ec2', operation: 'DescribeInstanceTypes', effect: denied() });
    const before = subjects(stage).length;
    await refusal({ workload: 'appliance' });
    const [mail, ...others] = stage.inbox(failuresAddress).slice(before);
    expect(others).toEqual([]);
    expect(mail?.subject).toContain('appliance: recovery REFUSED; nothing was changed');
    expect(mail?.message).toContain('While asking for the limits of m5.large: AccessDeniedException');
  });

  it('is told to nobody but who asked, when it was for a dry run', async () => {
    stage.faults.add({ service: 'ec2', operation: 'DescribeInstanceTypes', effect: denied() });
    const before = subjects(stage).length;
    const words = await refusal({ workload: 'appliance', dryRun: true });
    expect(words).toMatch(/ProviderFault: While asking for the limits of m5.large: AccessDeniedException/);
    expect(subjects(stage).slice(before)).toEqual([]);
  });
});
