import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '#infra/create-app.ts';
import { addHoldfastStack } from '#infra/holdfast-stack.ts';
import { applianceId, databaseId } from './scenario/policy.ts';
import { end, functionNamed, leaseOf, openWithPoints, portrait, recover } from './scenario/recovering.ts';
import {
  closeStage,
  executions,
  failuresAddress,
  minuteMs,
  openStage,
  pointsIn,
  runsIn,
  type Stage,
  subjects,
} from './scenario/stage.ts';

let stage: Stage | undefined;

afterEach(() => {
  if (stage !== undefined) closeStage(stage);
  stage = undefined;
});

/** Everything that a bad request could have changed in EC2 and in the guests. */
const outside = (of: Stage) =>
  of.calls
    .mutating()
    .filter(({ call }) => ['ec2', 'ssm', 'autoscaling'].includes(call.service))
    .map(({ call }) => call.operation);

/** Any event may wake them. `ask-domain` is in stacks with a domain in a VPC only. */
const takeAnything = ['report', 'retire', 'send-digest', 'settle', 'watch', 'ask-domain'];

it('is refused by every function that needs one, in its own name', async () => {
  stage = await openStage();
  const open = stage;
  const steps = globSync('functions/steps/*.ts').map((path) => basename(path, '.ts'));
  const asked = steps.filter((name) => !takeAnything.includes(name));
  const pascal = (name: string) => name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const refusals: unknown[] = [];
  for (const name of asked) refusals.push((await open.invoke(functionNamed(open, pascal(name)), 'cosmic ray')).payload);
  expect(refusals).toMatchObject(
    asked.map((name) => ({
      errorType: 'InvalidRequest',
      errorMessage: expect.stringContaining(`${name} does not accept this input`),
    })),
  );
  expect(outside(open)).toEqual([]);
});

describe('a backup that cannot be', () => {
  it.each([
    [{ workload: 'billing' }, 'There is no workload "billing" in the deployed policy. It has: appliance, orders-db.'],
    [{ workload: '../appliance' }, 'There is no workload'],
    [{ workload: '' }, 'There is no workload'],
    [{}, 'begin-run does not accept this input'],
    [{ workload: ['appliance'] }, 'begin-run does not accept this input'],
    [{ workload: 'appliance', scheduledAt: 'tonight' }, '"tonight" is not a time in UTC'],
    [{ workload: 'appliance', scheduledAt: '2026-01-15T03:00:00+01:00' }, 'is not a time in UTC'],
    [{ workload: 'appliance', scheduledAt: '+010000-01-15T03:00:00Z' }, 'does not make a run id'],
    [{ workload: 'appliance', scheduledAt: '2026-01-15T03:00:00Z' }, '2026-01-15T03:00:00Z has not come yet'],
    [
      { schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC' }, scheduledAt: '2026-01-15T03:00:00Z' },
      'has not come yet',
    ],
    [{ workload: 'appliance', trigger: 'cosmic ray' }, 'begin-run does not accept this input'],
    ['appliance', 'begin-run does not accept this input'],
    [null, 'begin-run does not accept this input'],
  ])('is refused in plain words, and nothing is begun or written: %j', async (payload, words) => {
    stage = await openStage();
    const answer = await stage.invoke(functionNamed(stage, 'BeginRun'), payload);
    expect(answer.functionError).toBeDefined();
    expect(answer.payload).toMatchObject({
      errorType: 'InvalidRequest',
      errorMessage: expect.stringContaining(words),
    });
    expect(executions(stage, 'protect')).toEqual([]);
    expect([await runsIn(stage, 'appliance'), await runsIn(stage, 'orders-db')]).toEqual([[], []]);
    expect(outside(stage)).toEqual([]);
  });

  it.each(['tonight', '2026-01-15T03:00:00Z'])('does not keep a real one from running: %s', async (scheduledAt) => {
    stage = await openStage();
    await stage.invoke(functionNamed(stage, 'BeginRun'), { workload: 'appliance', scheduledAt });
    await stage.time.advance(150 * minuteMs);
    expect((await pointsIn(stage, 'appliance')).map(({ takenAt }) => takenAt.slice(0, 16))).toEqual([
      '2026-01-15T03:00',
    ]);
  });

  it('is none where clocks differ by a few minutes', async () => {
    stage = await openStage();
    const asked = { workload: 'appliance', scheduledAt: '2026-01-15T01:04:30Z' };
    const answer = await stage.invoke(functionNamed(stage, 'BeginRun'), asked);
    expect(answer.payload).toMatchObject({ runId: 'appliance-20260115T010430Z', outcome: 'begun' });
    await stage.time.advance(30 * minuteMs);
  });
});

describe('a recovery that cannot be', () => {
  it.each([
    [{ workload: 'billing' }, 'There is no workload "billing" in the deployed policy'],
    [{}, 'does not accept this input'],
    [{ workload: 'appliance', dryrun: true }, 'dryrun'],
    [{ workload: 'appliance', dryRun: 'yes' }, 'dryRun'],
    [{ workload: 'appliance', volumes: '/dev/sdh' }, 'volumes'],
    [{ workload: 'appliance', reason: 'x'.repeat(501) }, 'reason'],
    [{ workload: 'appliance', point: 'orders-db-20260115T030000Z' }, 'orders-db-20260115T030000Z'],
    [{ workload: 'appliance', point: 'appliance-20250101T030000Z' }, 'appliance-20250101T030000Z'],
    [{ workload: 'appliance', before: 'last week' }, 'last week'],
    [{ workload: 'appliance', before: '2020-01-01T00:00:00Z' }, '2020'],
    [{ workload: 'appliance', volumes: ['/dev/sdz'] }, '/dev/sdz'],
    [{ workload: 'appliance', toInstance: 'i-0000000000000bad' }, 'i-0000000000000bad'],
    [{ workload: 'appliance', toInstance: '; rm -rf /' }, 'rm -rf'],
  ])('is refused before anything is changed, in words that say what is wrong: %j', async (input, words) => {
    stage = await openWithPoints();
    const before = [portrait(stage, applianceId), portrait(stage, databaseId)];
    const calls = outside(stage).length;
    const execution = await recover(stage, input);
    expect([execution.status, execution.error]).toEqual(['FAILED', 'InvalidRequest']);
    expect(JSON.parse(execution.cause ?? '').errorMessage).toContain(words);
    expect([portrait(stage, applianceId), portrait(stage, databaseId)]).toEqual(before);
    expect(outside(stage)).toHaveLength(calls);
    expect(executions(stage, 'recover')).toHaveLength(1);
    for (const { subject } of stage.inbox(failuresAddress)) expect(subject).toContain('recovery REFUSED');
  });

  // Of nothing at all the machine cannot even ask what it is.
  it.each([
    [[], 'InvalidRequest', 'does not accept this input'],
    ['appliance', 'InvalidRequest', 'does not accept this input'],
    [7, 'InvalidRequest', 'does not accept this input'],
    [null, 'States.Runtime', ''],
  ])('fails before anything is changed when it is not even an object: %j', async (input, error, words) => {
    stage = await openWithPoints();
    const calls = outside(stage).length;
    const execution = await stage.startExecution(stage.deployed.HoldfastRecover ?? '', input, 'recovery-1');
    await end(stage);
    expect([execution.status, execution.error]).toEqual(['FAILED', error]);
    expect(execution.cause ?? '').toContain(words);
    expect(outside(stage)).toHaveLength(calls);
    expect(executions(stage, 'recover')).toHaveLength(1);
    expect(await leaseOf(stage, 'appliance')).toBeUndefined();
  });

  it('is told to the failure addresses of its workload, and only if it has one', async () => {
    stage = await openWithPoints();
    await recover(stage, { workload: 'billing' }, 'unknown');
    expect(subjects(stage)).toEqual([]);
    await recover(stage, { workload: 'appliance', point: 'appliance-20250101T030000Z' }, 'known');
    expect(subjects(stage)).toEqual([expect.stringContaining('appliance: recovery REFUSED; nothing was changed')]);
  });
});

const policy = (changes: Readonly<Record<string, string>> = {}) => {
  const lines: Readonly<Record<string, string>> = {
    name: 'orders-db',
    cron: '"0 3 * * ? *"',
    timeZone: 'Europe/London',
    member: '{ kind: ebs, instance: { tags: { Name: orders-db } }, volumes: data }',
    second: '',
    hook: '{ kind: command, quiesce: /opt/quiesce, release: /opt/release }',
    retention: '{ days: 30, minimum: 7 }',
    rpo: '26h',
    mail: '[ops@example.com]',
    more: '',
    ...changes,
  };
  return `version: 1
mail:
  failures: ${lines.mail}
workloads:
  ${lines.name}:
    schedule: { cron: ${lines.cron}, timeZone: ${lines.timeZone} }
    members:
      - ${lines.member}${lines.second}
    quiesce:
      hooks: [${lines.hook}]
    retention: ${lines.retention}
    objectives: { rpo: ${lines.rpo} }
${lines.more}`;
};

/** What `cdk synth` says. */
function synthesized(policyText: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'holdfast-bad-input-'));
  const app = createApp({ outdir });
  const bundles = process.env.HOLDFAST_BUNDLES;
  try {
    addHoldfastStack(app, {
      policyText,
      policyFile: 'holdfast.yaml',
      ...(bundles === undefined ? {} : { bundlesDirectory: bundles }),
    });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a policy file', () => {
  it('without a mistake is a stack', () => {
    expect(synthesized(policy())).toBe('');
  });

  it.each([
    ['malformed YAML', policy({ member: '{ kind: ebs, instance: ' }), /^holdfast\.yaml:\d+:\d+ /],
    ['a tab for indentation', policy({ more: '\tretention: 1' }), /^holdfast\.yaml:13:\d+ .*[Tt]abs?/],
    ['a key twice', policy({ more: '    retention: { days: 1 }' }), /^holdfast\.yaml:13:5 .*is here twice/],
    ['a workload twice', policy({ more: '  orders-db: {}' }), /^holdfast\.yaml:13:3 .*is here twice/],
    [
      'an unknown kind of member',
      policy({ member: '{ kind: tape, instance: db }' }),
      /:8:11 .*kind.* must be ami or aurora or aws-backup or dynamodb or ebs or /,
    ],
    ['an unknown kind of hook', policy({ hook: '{ kind: comand }' }), /:10:\d+ .*Did you mean "command"\?/],
    ['an hour that no day has', policy({ cron: '"0 25 * * ? *"' }), /:6:\d+ .*The hours of cron cannot be "25"/],
    ['both day fields', policy({ cron: '"0 3 1 * 2 *"' }), /:6:\d+ .*schedule\.cron/],
    ['a day that never comes', policy({ cron: '"0 3 31 2 ? *"' }), /:6:\d+ .*never due/],
    ['a zone that is none', policy({ timeZone: 'Europe/Lodnon' }), /:6:\d+ .*IANA/],
    ['an offset for a zone', policy({ timeZone: '"+01:00"' }), /:6:\d+ .*IANA/],
    ['no point kept at all', policy({ retention: '{ days: 30, minimum: 0 }' }), /:11:\d+ .*at least 1/],
    ['a negative age', policy({ retention: '{ days: -1 }' }), /:11:\d+ .*at least 1/],
    [
      'a deadline past the limit of its hook',
      policy({ hook: '{ kind: filesystem, deadlineSeconds: 61 }' }),
      /:10:.*60/,
    ],
    [
      'a command deadline past its limit',
      policy({ hook: '{ kind: command, quiesce: /q, release: /r, deadlineSeconds: 28801 }' }),
      /:10:.*at most 28800/,
    ],
    ['an RPO that the schedule cannot meet', policy({ rpo: '20h' }), /:12:\d+ .*cannot be met/],
    ['a mail address with a line break', policy({ mail: '["ops@example.com\\nBcc: x@example.com"]' }), /:3:.*mail/],
    ['a mail address of two', policy({ mail: '["a@example.com,b@example.com"]' }), /:3:\d+ .*single mail address/],
    ['nobody to tell', policy({ mail: '[]' }), /Nobody is told/],
    [
      'the same volume in two members',
      policy({ second: '\n      - { kind: ebs, instance: { tags: { Name: orders-db } }, volumes: all }' }),
      /:9:\d+ .*already claimed by workloads/,
    ],
    ['a name that breaks ARNs', policy({ name: '"orders:db"' }), /:5:3 .*A workload is named/],
    ['a name that breaks tags and paths', policy({ name: '"orders/db*"' }), /:5:3 .*A workload is named/],
    ['a name that is too long for an execution', policy({ name: 'x'.repeat(33) }), /:5:3 .*A workload is named/],
    ['a name that is a prototype', policy({ name: '__proto__' }), /A workload is named/],
    [
      'a script path that a shell would read',
      policy({ hook: '{ kind: command, quiesce: "/opt/q; reboot", release: /r }' }),
      /:10:\d+ .*absolute/,
    ],
    ['a mount that must never freeze', policy({ hook: '{ kind: filesystem, mounts: [/var] }' }), /:10:.*never frozen/],
    [
      'a tag that chooses everything',
      policy({ member: '{ kind: ebs, instance: { tags: { Name: "*" } }, volumes: data }' }),
      /:8:\d+ .*wildcards/,
    ],
    ['another version', policy().replace('version: 1', 'version: 2'), /:1:\d+ .*must be 1/],
    ['nothing', '', /^holdfast\.yaml:1:1 .*empty/],
  ])('with %s is no stack, and the line says why', (_, text, words) => {
    expect(synthesized(text)).toMatch(words);
  });

  it('with mistakes, or that is not there, is told by the CDK app without a stack trace', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-bad-input-'));
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, policy({ hook: '{ kind: comand }', retention: '{ days: 0 }' }));
    const told = (name: string) => {
      const env = { ...process.env, HOLDFAST_POLICY: name, CDK_OUTDIR: folder };
      const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], { env, encoding: 'utf8' });
      return { status, lines: stderr.trim().split('\n') };
    };
    expect(told(file)).toEqual({
      status: 1,
      lines: [
        expect.stringMatching(/policy\.yaml:10:\d+ .*Did you mean "command"\? Expected: command, filesystem, /),
        expect.stringMatching(/policy\.yaml:11:\d+ .*at least 1\.$/),
      ],
    });
    const missing = join(folder, 'missing.yaml');
    expect(told(missing)).toEqual({
      status: 1,
      lines: [expect.stringMatching(/The policy .*missing\.yaml cannot be read .* -c policy=<file>\.$/)],
    });
  }, 120_000);

  it('with many mistakes tells all of them at once, each on its line', () => {
    const text = policy({
      cron: '"0 25 * * ? *"',
      retention: '{ days: 0 }',
      hook: '{ kind: filesystem, deadlineSeconds: 600 }',
      mail: '[nobody]',
    });
    const lines = synthesized(text).split('\n');
    expect(lines.map((line) => /^holdfast\.yaml:(\d+):/.exec(line)?.[1])).toEqual(['3', '6', '10', '11']);
  });
});
