import { afterEach, describe, expect, it } from 'vitest';
import { appliance, nightly } from './scenario/policy.ts';
import { closeStage, executions, night, openStage, type Stage, subjects } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

describe('many workloads in the same minute', () => {
  it('all get their slots and tokens, though all write the same records of the ledger', async () => {
    const names = Array.from({ length: 24 }, (_, index) => `crowd-${index}`);
    const member = (name: string) => ({ kind: 'ebs', instance: { tags: { Name: name } }, volumes: 'data' }) as const;
    const workloads = names.map((name) => [name, appliance({ members: [member(name)] })] as const);
    stage = await openStage({ policy: nightly(Object.fromEntries(workloads)) });
    for (const name of names) {
      stage.services.ec2.world.launchInstance({ name, volumes: [{ device: '/dev/sdf', sizeGib: 10 }] });
    }
    await night(stage);
    const failed = executions(stage, 'protect').filter(({ status }) => status !== 'SUCCEEDED');
    expect(failed.map(({ name, cause }) => `${name}: ${cause}`)).toEqual([]);
    expect(subjects(stage)).toEqual([]);
  });
});
