import { afterEach, describe, expect, it } from 'vitest';
import { database, firstRun, isDatabaseHeld, mails } from './scenario/holding.ts';
import { database as databaseWorkload, nightly } from './scenario/policy.ts';
import { closeStage, failuresAddress, night, openStage, pointsIn, type Stage } from './scenario/stage.ts';

let stage: Stage;

afterEach(() => closeStage(stage));

const hooks = [
  { kind: 'postgresql', mode: 'backup-mode', port: 5433, socket: '/run/postgresql' },
  { kind: 'mysql', socket: '/run/mysqld/mysqld.sock' },
  { kind: 'redis', port: 6380, passwordFile: '/etc/redis/password' },
] as const;

describe.each(hooks)('a night with the $kind hook', (hook) => {
  const open = async () => {
    stage = await openStage({ policy: nightly({ 'orders-db': databaseWorkload({ quiesce: { hooks: [hook] } }) }) });
  };

  it('seals an application-consistent point, which says how the guest held', async () => {
    await open();
    await night(stage);
    const [point] = await pointsIn(stage, 'orders-db');
    expect(point?.verdict).toMatchObject({ consistency: 'application-consistent' });
    expect(point?.verdict.evidence[0]).toContain('(simulated)');
    const ids = point?.artifacts.map(({ id }) => id) ?? [];
    expect(stage.services.ec2.world.judgeSnapshots(ids)).toMatchObject([{ consistency: 'application-consistent' }]);
    expect(mails(stage)).toEqual([]);
  });

  it('tells the guest which volumes will be taken together', async () => {
    await open();
    await night(stage);
    const volumes = [...stage.services.ec2.world.snapshots.values()].map(({ volumeId }) => volumeId);
    const told = (await firstRun(stage)).plan?.hooks[0]?.parameters.volumes?.split(',');
    expect(told?.toSorted()).toEqual(volumes.toSorted());
  });

  it('tells by mail when the server does not answer, and holds nothing', async () => {
    await open();
    database(stage).wipe('/dev/sdf');
    database(stage).reboot();
    await night(stage);
    expect(await firstRun(stage)).toMatchObject({ state: 'failed', failure: { name: 'QuiesceFault' } });
    expect(isDatabaseHeld(stage)).toBe(false);
    expect(mails(stage)).toEqual(['orders-db: backup FAILED; application released']);
    expect(stage.inbox(failuresAddress)[0]?.message).toContain('the server does not answer: postgres is failed');
  });
});
