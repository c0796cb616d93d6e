import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './loop-volume.ts';
import { type ScriptedSystemctl, scriptedSystemctl } from './scripted-systemctl.ts';
import { type Request, type TestGuest, testGuest } from './test-guest.ts';
import { watchedSync } from './watched-sync.ts';

describe.each(['dash', 'bash', 'busybox'])('the services hook with a scripted systemctl, run by %s', (shell) => {
  let guest: TestGuest;
  let systemd: ScriptedSystemctl;
  const request: Request = { kind: 'services', parameters: { units: 'web.service,engine.service,db.service' } };
  const states = () => ['web', 'engine', 'db'].map((name) => systemd.state(`${name}.service`));

  beforeEach(() => {
    guest = testGuest(shell);
    systemd = scriptedSystemctl(guest);
    systemd.unit('web.service');
    systemd.unit('engine.service', { ActiveState: 'inactive' });
    systemd.unit('db.service');
  });

  afterEach(async () => {
    await guest.ask('release', request);
    for (const pid of guest.timers()) process.kill(-pid);
    guest.remove();
  });

  it('stops what runs in the order given, and starts exactly that in the reverse order', async () => {
    const quiesced = await guest.ask('quiesce', request);
    expect(quiesced).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(states()).toEqual(['inactive', 'inactive', 'inactive']);
    expect((await guest.ask('quiesce', request)).report).toEqual(quiesced.report);
    const released = await guest.ask('release', request);
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'release', heldSince: quiesced.report?.at } });
    expect(states()).toEqual(['active', 'inactive', 'active']);
    expect((await guest.ask('release', request)).report).toEqual(released.report);
    const calls = ['stop web.service', 'stop db.service', 'start db.service', 'start web.service'];
    expect(systemd.calls()).toEqual(calls);
    await until(() => guest.timers().length === 0);
  });

  it('writes out under the timer, before the first stop and after the last', async () => {
    const syncs = await watchedSync(guest);
    await guest.ask('quiesce', request);
    expect(syncs()).toEqual([true, true]);
  });

  it('starts them by itself at the deadline', async () => {
    const { report } = await guest.ask('quiesce', { ...request, deadlineSeconds: 5 });
    await pause(Number(report?.until) - Date.now() - 500);
    expect(states()).toEqual(['inactive', 'inactive', 'inactive']);
    await until(() => systemd.state('web.service') === 'active', 2000);
    expect((await guest.ask('release', request)).report).toMatchObject({ by: 'timer' });
  });

  it('stops nothing that it could not note down, and so could not start again', async () => {
    guest.install(`${guest.programs}/mv`, '#!/bin/sh\nexit 1\n');
    expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 1, report: undefined });
    expect(systemd.calls()).toEqual([]);
    expect(states()).toEqual(['active', 'inactive', 'active']);
  });

  it('takes back a stop that outlasts the deadline', async () => {
    systemd.make('db.service', 'slow-to-stop', '60');
    const quiesce = guest.start('quiesce', { ...request, deadlineSeconds: 5 }).answer;
    expect(await quiesce).toMatchObject({
      exitCode: 1,
      report: undefined,
      tookMs: expect.toSatisfy((ms) => ms < 8000),
    });
    await until(() => states().join() === 'active,inactive,active' && guest.timers().length === 0, 2000);
  });

  it('takes back a stop for a release that comes meanwhile', async () => {
    systemd.make('db.service', 'slow-to-stop', '60');
    const quiesce = guest.start('quiesce', request).answer;
    await until(() => systemd.state('db.service') === 'deactivating');
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'none' } });
    expect(states()).toEqual(['active', 'inactive', 'active']);
    expect(await quiesce).toMatchObject({ exitCode: 1, report: undefined });
  });

  it('starts them when the stopping shell is killed with its whole session', async () => {
    systemd.make('db.service', 'slow-to-stop', '60');
    const { process: child, answer } = guest.start('quiesce', { ...request, deadlineSeconds: 5 });
    await until(() => systemd.state('db.service') === 'deactivating');
    process.kill(-Number(child.pid), 'SIGKILL');
    await answer;
    await until(() => states().join() === 'active,inactive,active', 7000);
  });

  it('does not report quiesced when a unit goes on running, and starts what it had stopped', async () => {
    systemd.make('db.service', 'deaf-to-stop', '');
    expect(await guest.ask('quiesce', request)).toMatchObject({
      exitCode: 1,
      report: undefined,
      stderr: expect.stringContaining('systemd says that db.service is stopped, and it is running'),
    });
    expect(states()).toEqual(['active', 'inactive', 'active']);
  });

  it('does not report quiesced when a unit runs again by the time the last is stopped', async () => {
    systemd.make('db.service', 'slow-to-stop', '2');
    const quiesce = guest.start('quiesce', request).answer;
    await until(() => systemd.state('db.service') === 'deactivating');
    systemd.unit('web.service');
    expect(await quiesce).toMatchObject({
      exitCode: 1,
      report: undefined,
      stderr: expect.stringContaining('web.service is running again'),
    });
    expect(states()).toEqual(['active', 'inactive', 'active']);
  });

  it('says that it still holds while a unit does not start, and starts it when asked again', async () => {
    await guest.ask('quiesce', request);
    systemd.make('db.service', 'unable-to-start', 'yes');
    const failed = await guest.ask('release', request);
    expect(failed).toMatchObject({ exitCode: 1, report: undefined });
    expect(failed.stderr).toContain('db.service does not start: Job for db.service failed.');
    expect(states()).toEqual(['active', 'inactive', 'inactive']);
    systemd.make('db.service', 'unable-to-start', '');
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'release' } });
    expect(states()).toEqual(['active', 'inactive', 'active']);
  });

  it.each([
    ['runs', 'active', ''],
    ['was stopped again', 'inactive', 'second'],
  ])('does not claim to have held when somebody started a unit meanwhile, which %s', async (_, state, invocation) => {
    await guest.ask('quiesce', request);
    systemd.unit('engine.service', { ActiveState: state, InvocationID: invocation });
    const released = await guest.ask('release', request);
    expect(released).toMatchObject({ exitCode: 0, report: { by: 'lost' } });
    expect(released.stderr).toContain('engine.service was started by somebody else');
    expect(states()).toEqual(['active', state, 'active']);
  });

  it.each([
    ['a unit that is not there', 'db.service,nothing.service', {}, 'there is no unit nothing.service'],
    ['the agent', 'amazon-ssm-agent.service', {}, 'is never stopped'],
    ['an alias of the login', 'alias.service', { Names: 'ssh.service alias.service' }, 'is never stopped'],
    ['a unit on its way up', 'alias.service', { ActiveState: 'activating' }, 'on its way'],
    ['a unit on its way down', 'alias.service', { ActiveState: 'deactivating' }, 'on its way'],
    ['what another running unit needs', 'alias.service', { RequiredBy: 'db.service' }, 'list it before alias.service'],
    [
      'what another running unit is bound to',
      'alias.service',
      { BoundBy: 'db.service' },
      'list it before alias.service',
    ],
    ['a unit with a running part', 'alias.service', { ConsistsOf: 'db.service' }, 'list it before alias.service'],
    [
      'what a running socket starts',
      'alias.service',
      { TriggeredBy: 'web.service' },
      'could start alias.service again',
    ],
  ])('refuses %s before anything is stopped', async (_, units, properties, reason) => {
    systemd.unit('amazon-ssm-agent.service');
    systemd.unit('alias.service', properties);
    const refused = await guest.ask('quiesce', { ...request, parameters: { units } });
    expect(refused).toMatchObject({ exitCode: 1, report: undefined });
    expect(refused.stderr).toContain(reason);
    expect(systemd.calls()).toEqual([]);
    const asked = await guest.ask('doctor', { ...request, parameters: { units }, run: 'doctor-1' });
    expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(reason) });
  });

  it('stops what needs another unit or starts it, when both are listed', async () => {
    systemd.unit('db.service', { RequiredBy: 'web.service', TriggeredBy: 'web.service' });
    expect(await guest.ask('quiesce', request)).toMatchObject({ exitCode: 0, report: { result: 'quiesced' } });
    expect(await guest.ask('release', request)).toMatchObject({ exitCode: 0, report: { by: 'release' } });
  });

  it('is fit by the doctor’s word, who stops nothing', async () => {
    expect((await guest.ask('doctor', { ...request, run: 'doctor-1' })).report).toEqual({ result: 'fit' });
    expect(systemd.calls()).toEqual([]);
    await until(() => guest.timers().length === 0);
  });
});
