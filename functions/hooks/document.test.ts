import { describe, expect, it } from 'vitest';
import type { Workload } from '#domain/policy.ts';
import { doctorDocument } from './doctor-document.ts';
import { documentFor, verifyDocument } from './document.ts';
import { guestScript } from './guest-script.ts';
import { hookKinds, hookOf } from './index.ts';

const workload: Workload = {
  name: 'orders',
  description: '',
  schedule: { expression: 'rate(1 day)', timeZone: 'UTC' },
  members: [],
  hooks: [],
  onQuiesceFailure: 'abort',
  retention: { days: 7, minimum: 1 },
  objectives: { rpoMinutes: 1440, rtoMinutes: 60 },
  mail: { failures: [], reports: [] },
  recovery: { safetySnapshot: true, keepReplacedDays: 7 },
};
const instances = [
  { instanceId: 'i-a', state: 'running', volumeSets: [['vol-0a1b2c3d', 'vol-0b1b2c3d'], ['vol-0c1b2c3d']] },
  { instanceId: 'i-b', state: 'running', volumeSets: [] },
];

const documents = [
  ...hookKinds.map((kind) => {
    const content = documentFor(kind, guestScript(kind.kind));
    return { name: `the document of the ${kind.kind} hook`, content, mark: `${kind.kind}-hook`, call: 'main "$@"' };
  }),
  { name: 'the document of the doctor', content: doctorDocument(), mark: 'doctor', call: 'main doctor' },
];

describe.each(documents)('$name', ({ content, mark, call }) => {
  const { runCommand } = content.mainSteps[0].inputs;

  it('hands every parameter to the script through its environment, and to nothing else', () => {
    const placeholders = runCommand.filter((line) => line.includes('{{'));
    expect(placeholders).toHaveLength(Object.keys(content.parameters).length);
    for (const name of Object.keys(content.parameters)) {
      const variable = name.replaceAll(/[A-Z]/g, '_$&').toUpperCase();
      expect(placeholders).toContain(`export HOLDFAST_${variable}='{{ ${name} }}'`);
    }
  });

  it('lets nothing through that a shell would act on', () => {
    for (const [name, { allowedPattern, allowedValues }] of Object.entries(content.parameters)) {
      expect(allowedPattern ?? allowedValues, name).toBeDefined();
      if (allowedPattern === undefined) continue;
      for (const hostile of ["a'b", '/a b', '/a;b', '/a\nb', '/$a', '/`a`', '/a"b', '1\n', '']) {
        expect(new RegExp(allowedPattern).test(hostile), `${name}: ${JSON.stringify(hostile)}`).toBe(false);
      }
    }
  });

  it('carries the mark of its script and runs on Linux only', () => {
    expect(runCommand.filter((line) => line.includes('holdfast-guest'))).toEqual([`# holdfast-guest: ${mark}`]);
    expect(runCommand.at(-1)).toBe(call);
    expect(content.mainSteps[0].precondition).toEqual({ StringEquals: ['platformType', 'Linux'] });
  });

  it('takes every run id', () => {
    const pattern = new RegExp(content.parameters.run?.allowedPattern ?? '');
    expect(pattern.test(`${'w'.repeat(32)}-20261121T030000Z`)).toBe(true);
    expect(pattern.test('../../etc')).toBe(false);
  });
});

it('the document of a verification carries its mark', () => {
  const { runCommand } = verifyDocument(guestScript('verify')).mainSteps[0].inputs;
  expect(runCommand).toContain('# holdfast-guest: verify');
  expect(runCommand).toContain("export HOLDFAST_PATH='{{ path }}'");
});

it('a script that SSM would garble is refused', () => {
  expect(() => verifyDocument('echo {{ x }}')).toThrow('{{');
  expect(() => verifyDocument('#'.repeat(70_000))).toThrow('long');
});

describe('the doctor', () => {
  const { parameters, mainSteps } = doctorDocument();

  it('can be told to do nothing but look, and no other document knows it', () => {
    expect(parameters).not.toHaveProperty('action');
    const { runCommand } = mainSteps[0].inputs;
    expect(runCommand.filter((line) => line.includes('HOLDFAST_ACTION='))).toEqual(['export HOLDFAST_ACTION=doctor']);
    for (const { content } of documents) {
      expect(content.parameters.action?.allowedValues ?? []).not.toContain('doctor');
    }
  });

  it('takes what each kind takes, and what none does', () => {
    const patternOf = (name: string) => new RegExp(parameters[name]?.allowedPattern ?? 'no such parameter');
    for (const value of ['default', 'none', '/run/mysqld.sock', 'unset']) expect(value).toMatch(patternOf('socket'));
    for (const value of ['auto', 'freeze', 'backup-mode', 'unset']) expect(value).toMatch(patternOf('mode'));
    expect('anything').not.toMatch(patternOf('mode'));
    expect(parameters.kind?.allowedValues).toEqual([...hookKinds.map(({ kind }) => kind), 'verify', 'promote']);
    for (const name of hookKinds.flatMap((kind) => Object.keys(kind.parameters)))
      expect(parameters).toHaveProperty(name);
  });
});

describe('planning', () => {
  it('plans one hook on each instance', () => {
    const hook = { kind: 'filesystem', mounts: ['/data/', '/logs'], deadlineSeconds: 30 } as const;
    expect(hookOf('filesystem').plan(hook, workload, instances)).toEqual(
      Object.entries({ 'i-a': 'vol-0a1b2c3d,vol-0b1b2c3d+vol-0c1b2c3d', 'i-b': 'all' }).map(
        ([instanceId, volumes]) => ({
          kind: 'filesystem',
          instanceId,
          deadlineSeconds: 30,
          parameters: { mounts: '/data,/logs', volumes },
        }),
      ),
    );
    const command = { kind: 'command', quiesce: '/opt/hold', release: '/opt/go', deadlineSeconds: 60 } as const;
    expect(hookOf('command').plan(command, workload, instances)[0]?.parameters).toEqual({
      quiesceScript: '/opt/hold',
      releaseScript: '/opt/go',
    });
  });

  it('tells each guest of a database which of its volumes are taken at one instant', () => {
    const hook = { kind: 'postgresql', port: 5432, mode: 'auto', deadlineSeconds: 30 } as const;
    expect(
      hookOf('postgresql')
        .plan(hook, workload, instances)
        .map(({ parameters }) => parameters),
    ).toEqual([
      { port: '5432', socket: 'default', mode: 'auto', volumes: 'vol-0a1b2c3d,vol-0b1b2c3d+vol-0c1b2c3d' },
      { port: '5432', socket: 'default', mode: 'auto', volumes: 'all' },
    ]);
    const mysql = { kind: 'mysql', socket: '/run/mysqld.sock', patienceSeconds: 10, deadlineSeconds: 30 } as const;
    expect(hookOf('mysql').plan(mysql, workload, instances)[1]?.parameters).toEqual({
      socket: '/run/mysqld.sock',
      patienceSeconds: '10',
      volumes: 'all',
    });
    const redis = { kind: 'redis', passwordFile: '/etc/redis/password', deadlineSeconds: 120 } as const;
    expect(hookOf('redis').plan(redis, workload, instances)[1]?.parameters).toEqual({
      port: '6379',
      socket: 'none',
      passwordFile: '/etc/redis/password',
      volumes: 'all',
    });
  });

  it.each([
    { kind: 'postgresql', port: 65_536, mode: 'auto', deadlineSeconds: 30 },
    { kind: 'postgresql', port: 5432, socket: "/run/x'; DROP", mode: 'auto', deadlineSeconds: 30 },
    { kind: 'postgresql', port: 5432, mode: 'auto', deadlineSeconds: 61 },
    { kind: 'mysql', socket: 'mysqld.sock', patienceSeconds: 10, deadlineSeconds: 30 },
    { kind: 'redis', port: 0, deadlineSeconds: 30 },
    { kind: 'redis', passwordFile: '$(id)', deadlineSeconds: 30 },
    { kind: 'filesystem', mounts: ['/'], deadlineSeconds: 30 },
    { kind: 'filesystem', mounts: [], deadlineSeconds: 30 },
    { kind: 'filesystem', mounts: ['/my data'], deadlineSeconds: 30 },
    { kind: 'filesystem', mounts: 'auto', deadlineSeconds: 61 },
    { kind: 'command', quiesce: 'hold', release: '/opt/go', deadlineSeconds: 60 },
    { kind: 'command', quiesce: '/opt/hold', release: '/opt/go;reboot', deadlineSeconds: 60 },
    { kind: 'command', quiesce: '/opt/hold', release: '/opt/go', deadlineSeconds: 4 },
  ] as const)('refuses %j before anything is held', (hook) => {
    expect(() => hookOf(hook.kind).plan(hook, workload, instances)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest' }),
    );
  });
});
