import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { memberKinds } from './member-kinds.ts';
import { mistakesOf, valueAt } from './policy-mistakes.ts';
import { parsePolicy } from './policy-schema.ts';

const member = { kind: 'ebs', instance: { id: 'i-0a1b2c3d4e5f60718' }, volumes: 'data' };
const least = { schedule: { cron: '0 3 * * ? *' }, members: [member], mail: { failures: ['ops@example.com'] } };
const policyWith = (changes: object) => ({ version: 1, workloads: { one: { ...least, ...changes } } });

/** `where: message [expected] (suggestion)` of each. */
function told(input: unknown): readonly string[] {
  const parsed = parsePolicy(input);
  if (!('mistakes' in parsed)) return [];
  return parsed.mistakes.map(
    ({ path, message, expected, suggestion }) =>
      `${path.join('.')}: ${message}${expected === undefined ? '' : ` [${expected}]`}${suggestion === undefined ? '' : ` (${suggestion})`}`,
  );
}
const withMember = (changes: object) => policyWith({ members: [{ ...member, ...changes }] });
const withHook = (hook: unknown) => policyWith({ quiesce: { hooks: [hook] } });
const hook = { kind: 'filesystem' };

/** Each with all that is told of it. */
const wrong: Readonly<Record<string, unknown>> = {
  'a policy that is not there': undefined,
  'a policy that is text': 'text',
  'a policy that is a list': [],
  'a version that is not known': { ...policyWith({}), version: 2 },
  'a version in quotes': { ...policyWith({}), version: '1' },
  'text instead of a list': policyWith({ mail: { failures: 'ops@example.com' } }),
  'a setting of the policy that is misspelt': { ...policyWith({}), mial: {} },
  'workloads that are a list': { version: 1, workloads: [] },
  'a workload that is nothing': { version: 1, workloads: { one: null } },
  'a setting of a workload that is misspelt': policyWith({ retentoin: {} }),
  'a setting that is like none': policyWith({ schedule: { cron: '0 3 * * ? *', somethingElse: 1 } }),
  'a setting of a hook that is misspelt': withHook({ ...hook, mount: ['/data'] }),
  'a setting of volumes that is misspelt': withMember({ volumes: { device: ['/dev/sdf'] } }),
  'several at once': withMember({ instance: { idd: 'i-1', tgs: {} }, tier: 0 }),
  'a section that is missing': policyWith({ schedule: undefined }),
  'a setting that is missing': withMember({ volumes: undefined }),
  'text instead of a section': policyWith({ schedule: 'daily' }),
  'a number instead of text': policyWith({ description: 3 }),
  'text instead of a number': withMember({ tier: 'one' }),
  'a number that is not whole': withMember({ tier: 1.5 }),
  'text instead of true or false': policyWith({ recovery: { safetySnapshot: 'yes' } }),
  'a mapping instead of a list': policyWith({ members: {} }),
  'text instead of tags': withMember({ instance: { tags: 'Name' } }),
  'a number too small': policyWith({ retention: { days: 0 } }),
  'a number too big': withHook({ ...hook, deadlineSeconds: 61 }),
  'text too long': policyWith({ description: 'x'.repeat(501) }),
  'too many hooks': policyWith({ quiesce: { hooks: Array(11).fill(hook) } }),
  'too many mounts': withHook({ ...hook, mounts: Array.from({ length: 21 }, (_, index) => `/data${index}`) }),
  'too many addresses': policyWith({
    mail: { failures: Array.from({ length: 11 }, (_, index) => `a${index}@example.com`) },
  }),
  'too few members': policyWith({ members: [] }),
  'too many members': policyWith({ members: Array(51).fill(member) }),
  'a word that is misspelt': policyWith({ quiesce: { onFailure: 'abrot' } }),
  'a form of volumes that is misspelt': withMember({ volumes: 'dta' }),
  'nothing where one of two forms may stand': withMember({ volumes: null }),
  'a list where one of two forms may stand': withMember({ volumes: ['/dev/sdf'] }),
  'a wrong item in the form that was chosen': withHook({ ...hook, mounts: ['/data', 3] }),
  'a mapping where a word or a list may stand': withHook({ ...hook, mounts: { path: '/data' } }),
  'a kind of hook that is misspelt': withHook({ kind: 'file-system' }),
  'a kind that is missing': withHook({ deadlineSeconds: 30 }),
  'a hook that is text': withHook('filesystem'),
  'a number instead of a duration': policyWith({ objectives: { rpo: 26 } }),
  'a number instead of a section': policyWith({ retention: 30 }),
  'a resource that is missing': policyWith({ members: [{ kind: 'efs' }] }),
  'an objective that cannot be met': policyWith({ objectives: { rpo: '23h' } }),
};

describe('a mistake in the policy', () => {
  it('says which kinds of members there are', () => {
    const words = `${memberKinds.join(' or ')}. [${memberKinds.join(', ')}]`;
    expect(told(withMember({ kind: 'tape' }))).toEqual([`workloads.one.members.0.kind: This must be ${words}`]);
  });

  it.each([
    ['redis', 'elasticache'],
    ['Postgres', 'rds'],
    ['ec2', 'ebs'],
    ['s3', 'aws-backup'],
    ['dynamo-db', 'dynamodb'],
  ])('knows what people call a kind of member: %s is %s', (kind, meant) => {
    expect(told(withMember({ kind }))).toEqual([expect.stringContaining(`(${meant})`)]);
  });

  it.each([
    ['systemd', 'services'],
    ['fsfreeze', 'filesystem'],
  ])('knows what people call a hook: %s is %s', (kind, meant) => {
    expect(told(withHook({ kind }))).toEqual([expect.stringContaining(`(${meant})`)]);
  });

  it.each([
    ['rds', 'rds:eu-west-1:111122223333:db:shop', 'shop'],
    ['efs', 'elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d4e5f60718', 'fs-0a1b2c3d4e5f60718'],
    ['elasticache', 'elasticache:eu-west-1:111122223333:replicationgroup:shop', 'replicationgroup:shop'],
    ['dynamodb', 'dynamodb:eu-west-1:111122223333:table/Orders', 'Orders'],
  ])('finds in the ARN of a member of %s what the policy wants of it', (kind, arn, meant) => {
    const of = (resource: string) => told(policyWith({ members: [{ kind, resource }], window: '60m' }));
    expect(of(`arn:aws:${arn}`)).toEqual([expect.stringContaining(`members.0.resource: `)]);
    expect(of(`arn:aws:${arn}`)).toEqual([expect.stringContaining(` (${meant})`)]);
    expect(of(meant)).toEqual([]);
  });

  it('tells of a number with a unit, or in quotes, what is wrong with it', () => {
    for (const days of ['30d', '30'])
      expect(told(policyWith({ retention: { days } }))).toEqual([
        'workloads.one.retention.days: This must be a number, without a unit or quotes.',
      ]);
  });

  it('says where it is, what may stand there, and what was probably meant', () => {
    expect(
      Object.fromEntries(Object.entries(wrong).map(([what, input]) => [what, told(input)])),
    ).toMatchInlineSnapshot(`
      {
        "a form of volumes that is misspelt": [
          "workloads.one.members.0.volumes: This is none of the forms that may stand here. [all, data, { devices: [/dev/sdh] }, { tags: { Name: orders-data } }] (data)",
        ],
        "a hook that is text": [
          "workloads.one.quiesce.hooks.0: This must be a mapping (keys and values). [for example { kind: filesystem }]",
        ],
        "a kind of hook that is misspelt": [
          "workloads.one.quiesce.hooks.0.kind: This must be command or filesystem or postgresql or mysql or redis or services or clean-up or ecs-service or lambda or windows-vss. [command, filesystem, postgresql, mysql, redis, services, clean-up, ecs-service, lambda, windows-vss] (filesystem)",
        ],
        "a kind that is missing": [
          "workloads.one.quiesce.hooks.0.kind: "kind" is missing. [command, filesystem, postgresql, mysql, redis, services, clean-up, ecs-service, lambda, windows-vss]",
        ],
        "a list where one of two forms may stand": [
          "workloads.one.members.0.volumes: This is none of the forms that may stand here. [all, data, { devices: [/dev/sdh] }, { tags: { Name: orders-data } }]",
        ],
        "a mapping instead of a list": [
          "workloads.one.members: This must be a list.",
        ],
        "a mapping where a word or a list may stand": [
          "workloads.one.quiesce.hooks.0.mounts: This is none of the forms that may stand here. [auto, [/srv/orders]]",
        ],
        "a number instead of a duration": [
          "workloads.one.objectives.rpo: This must be text. [for example 26h]",
        ],
        "a number instead of a section": [
          "workloads.one.retention: This must be a mapping (keys and values). [for example { days: 30, minimum: 7 }]",
        ],
        "a number instead of text": [
          "workloads.one.description: This must be text.",
        ],
        "a number that is not whole": [
          "workloads.one.members.0.tier: This must be a whole number.",
        ],
        "a number too big": [
          "workloads.one.quiesce.hooks.0.deadlineSeconds: This must be at most 60.",
        ],
        "a number too small": [
          "workloads.one.retention.days: This must be at least 1.",
        ],
        "a policy that is a list": [
          ": This must be a mapping (keys and values).",
        ],
        "a policy that is not there": [
          ": The policy is missing.",
        ],
        "a policy that is text": [
          ": This must be a mapping (keys and values).",
        ],
        "a resource that is missing": [
          "workloads.one.members.0.resource: "resource" is missing. [for example fs-0a1b2c3d4e5f60718]",
        ],
        "a section that is missing": [
          "workloads.one.schedule: "schedule" is missing. [for example { cron: "0 3 * * ? *", timeZone: Europe/London }]",
        ],
        "a setting of a hook that is misspelt": [
          "workloads.one.quiesce.hooks.0.mount: There is no setting "mount" here. [mounts, kind, deadlineSeconds] (mounts)",
        ],
        "a setting of a workload that is misspelt": [
          "workloads.one.retentoin: There is no setting "retentoin" here. [retention, window, copyTo, recovery, description, schedule, members, quiesce, objectives, mail] (retention)",
        ],
        "a setting of the policy that is misspelt": [
          "mial: There is no setting "mial" here. [mail, plans, version, workloads, formerKinds] (mail)",
        ],
        "a setting of volumes that is misspelt": [
          "workloads.one.members.0.volumes.device: There is no setting "device" here. [devices, tags] (devices)",
        ],
        "a setting that is like none": [
          "workloads.one.schedule.somethingElse: There is no setting "somethingElse" here. [timeZone, startWithin, rate, cron, expression]",
        ],
        "a setting that is missing": [
          "workloads.one.members.0.volumes: "volumes" is missing. [all, data, { devices: [/dev/sdh] }, { tags: { Name: orders-data } }]",
        ],
        "a version in quotes": [
          "version: This must be 1, without quotes.",
        ],
        "a version that is not known": [
          "version: This must be 1. [1]",
        ],
        "a word that is misspelt": [
          "workloads.one.quiesce.onFailure: This must be abort or crash-consistent. [abort, crash-consistent] (abort)",
        ],
        "a workload that is nothing": [
          "workloads.one: This must be a mapping (keys and values).",
        ],
        "a wrong item in the form that was chosen": [
          "workloads.one.quiesce.hooks.0.mounts.1: This must be text. [for example /srv/orders]",
        ],
        "an objective that cannot be met": [
          "workloads.one.objectives.rpo: An RPO of 23h cannot be met: the schedule leaves up to 24 h between two runs (after 2026-01-01T03:00:00.000Z). [at least 24h]",
        ],
        "nothing where one of two forms may stand": [
          "workloads.one.members.0.volumes: This is none of the forms that may stand here. [all, data, { devices: [/dev/sdh] }, { tags: { Name: orders-data } }]",
        ],
        "several at once": [
          "workloads.one.members.0.instance.idd: There is no setting "idd" here. [id, tags] (id)",
          "workloads.one.members.0.instance.tgs: There is no setting "tgs" here. [tags, id] (tags)",
          "workloads.one.members.0.tier: This must be at least 1.",
        ],
        "text instead of a list": [
          "workloads.one.mail.failures: This must be a list. [for example [ops@example.com]]",
        ],
        "text instead of a number": [
          "workloads.one.members.0.tier: This must be a number.",
        ],
        "text instead of a section": [
          "workloads.one.schedule: This must be a mapping (keys and values). [for example { cron: "0 3 * * ? *", timeZone: Europe/London }]",
        ],
        "text instead of tags": [
          "workloads.one.members.0.instance.tags: This must be a mapping (keys and values). [for example { Name: orders-db }]",
        ],
        "text instead of true or false": [
          "workloads.one.recovery.safetySnapshot: This must be true or false.",
        ],
        "text too long": [
          "workloads.one.description: At most 500 characters.",
        ],
        "too few members": [
          "workloads.one.members: Name at least one member.",
        ],
        "too many addresses": [
          "workloads.one.mail.failures: At most 10 addresses.",
        ],
        "too many hooks": [
          "workloads.one.quiesce.hooks: At most 10 hooks.",
        ],
        "too many members": [
          "workloads.one.members: At most 50 members.",
        ],
        "too many mounts": [
          "workloads.one.quiesce.hooks.0.mounts: At most 20 mounts.",
        ],
        "workloads that are a list": [
          "workloads: This must be a mapping (keys and values).",
        ],
      }
    `);
  });

  it('also in a record whose keys have a rule', () => {
    const shape = z.record(z.string().regex(/^[a-z]+$/, 'Lower case only.'), z.number());
    const parsed = shape.safeParse({ ONE: 1 });
    const issues = parsed.success ? [] : parsed.error.issues;
    expect(mistakesOf(issues, { ONE: 1 }, ['tags'], shape)).toEqual([
      { path: ['tags', 'ONE'], message: 'Lower case only.' },
    ]);
  });
});

describe('the value under a path', () => {
  it('is undefined where the path leads nowhere', () => {
    expect(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
    expect(valueAt({ a: null }, ['a', 'b'])).toBeUndefined();
    expect(valueAt({ a: 'text' }, ['a', 'length'])).toBeUndefined();
    expect(valueAt({}, ['constructor'])).toBeUndefined();
  });
});
