import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memberKinds } from './member-kinds.ts';
import {
  type Mistake,
  type PolicyInput,
  parsePolicy,
  policyJsonSchema,
  policyJsonSchemaText,
} from './policy-schema.ts';

const instance = { id: 'i-0a1b2c3d4e5f60718' };
const least = {
  schedule: { cron: '0 3 * * ? *' },
  members: [{ kind: 'ebs', instance, volumes: 'data' }],
  mail: { failures: ['ops@example.com'] },
};
const policyWith = (changes: object, more: object = {}) => ({
  version: 1,
  workloads: { one: { ...least, ...changes } },
  ...more,
});

function mistakesOf(input: unknown): readonly Mistake[] {
  const parsed = parsePolicy(input);
  return 'mistakes' in parsed ? parsed.mistakes : [];
}
/** `path: message` of each. */
const told = (input: unknown) => mistakesOf(input).map(({ path, message }) => `${path.join('.')}: ${message}`);
const accepted = (changes: object) => expect(told(policyWith(changes))).toEqual([]);
/** Exactly one mistake, at the path below the workload. */
function refused(changes: object, path: string, words: string) {
  const all = told(policyWith(changes));
  expect(all).toHaveLength(1);
  expect(all[0]).toContain(path === '' ? 'workloads.one: ' : `workloads.one.${path}: `);
  expect(all[0]).toContain(words);
}
const volumes = (choice: unknown, of: object = instance) => ({ kind: 'ebs', instance: of, volumes: choice });
const command = { kind: 'command', quiesce: '/opt/quiesce', release: '/opt/release' };
const filesystem = { kind: 'filesystem' };
const hooked = (hook: object) => ({ quiesce: { hooks: [hook] } });
const services = (unit: string) => ({ kind: 'services', units: [unit] });
const cleanUp = (changes: object) => ({ kind: 'clean-up', roots: ['/data'], ...changes });

describe('a policy', () => {
  it('needs no more than a schedule, members and somebody to tell', () => {
    const input: PolicyInput = {
      version: 1,
      mail: { failures: ['ops@example.com'] },
      workloads: { one: { schedule: { rate: '12 hours' }, members: [{ kind: 'ebs', instance, volumes: 'all' }] } },
    };
    expect(parsePolicy(input)).toEqual({
      notes: [],
      policy: {
        version: 1,
        workloads: [
          {
            name: 'one',
            description: '',
            schedule: { expression: 'rate(12 hours)', timeZone: 'UTC' },
            members: [{ kind: 'ebs', tier: 1, instance, volumes: 'all' }],
            hooks: [],
            onQuiesceFailure: 'abort',
            retention: { days: 30, minimum: 7 },
            objectives: { rpoMinutes: 14 * 60, rtoMinutes: 60 },
            mail: { failures: ['ops@example.com'], reports: [] },
            recovery: { safetySnapshot: true, keepReplacedDays: 7 },
          },
        ],
      },
    });
  });

  it('takes units and temporary files as hooks name them', () => {
    const hooks = [services('engine@1.service'), cleanUp({ files: ['TEMP.*'] })];
    const parsed = parsePolicy(policyWith({ quiesce: { hooks } }));
    expect('policy' in parsed && parsed.policy.workloads[0]?.hooks).toEqual([
      { ...hooks[0], deadlineSeconds: 300 },
      { ...hooks[1], folders: [], deadlineSeconds: 300 },
    ]);
  });

  it('gives hooks their own default deadlines', () => {
    const parsed = parsePolicy(policyWith({ quiesce: { hooks: [command, filesystem] } }));
    expect('policy' in parsed && parsed.policy.workloads[0]?.hooks).toEqual([
      { ...command, deadlineSeconds: 60 },
      { kind: 'filesystem', mounts: 'auto', deadlineSeconds: 30 },
    ]);
  });

  it('gives hooks of databases what their servers have by default', () => {
    const hooks = [{ kind: 'mysql' }, { kind: 'postgresql', mode: 'backup-mode' }, { kind: 'redis' }];
    const parsed = parsePolicy(policyWith({ quiesce: { hooks } }));
    expect('policy' in parsed && parsed.policy.workloads[0]?.hooks).toEqual([
      { kind: 'mysql', patienceSeconds: 10, deadlineSeconds: 30 },
      { kind: 'postgresql', port: 5432, mode: 'backup-mode', deadlineSeconds: 30 },
      { kind: 'redis', deadlineSeconds: 120 },
    ]);
  });

  it('takes addresses of its own instead of those for all, list by list', () => {
    const mail = { failures: ['all@example.com'], reports: ['reports@example.com'] };
    const parsed = parsePolicy(policyWith({}, { mail }));
    expect('policy' in parsed && parsed.policy.workloads[0]?.mail).toEqual({
      failures: ['ops@example.com'],
      reports: ['reports@example.com'],
    });
  });
});

describe('a misspelt word', () => {
  it.each([
    [policyWith({ retentoin: {} }), ['workloads', 'one', 'retentoin'], 'retention'],
    [
      policyWith({ schedule: { cron: '0 3 * * ? *', timezone: 'UTC' } }),
      ['workloads', 'one', 'schedule', 'timezone'],
      'timeZone',
    ],
    [policyWith({}, { mial: {} }), ['mial'], 'mail'],
    [
      policyWith({ members: [volumes({ device: ['/dev/sdh'] })] }),
      ['workloads', 'one', 'members', 0, 'volumes', 'device'],
      'devices',
    ],
    [
      policyWith({ quiesce: { hooks: [{ ...command, relaese: '/x' }] } }),
      ['workloads', 'one', 'quiesce', 'hooks', 0, 'relaese'],
      'release',
    ],
    [
      policyWith({ quiesce: { hooks: [{ ...command, kind: 'comand' }] } }),
      ['workloads', 'one', 'quiesce', 'hooks', 0, 'kind'],
      'command',
    ],
    [policyWith({ members: [volumes('dat')] }), ['workloads', 'one', 'members', 0, 'volumes'], 'data'],
    [policyWith({ quiesce: { onFailure: 'abrot' } }), ['workloads', 'one', 'quiesce', 'onFailure'], 'abort'],
  ])('is refused where it stands, with the right one: %#', (input, path, suggestion) => {
    expect(mistakesOf(input)).toMatchObject([{ path, suggestion, expected: expect.stringContaining(suggestion) }]);
  });
});

describe('what is impossible', () => {
  it.each([
    [{ schedule: { cron: '0 25 * * ? *' } }, 'schedule.cron', 'The hours of cron cannot be "25"'],
    [{ schedule: { cron: '0 3 30 2 ? *' } }, 'schedule.cron', 'never due'],
    [{ schedule: { cron: '0 3 * * ? 2019' } }, 'schedule.cron', 'never due'],
    [{ schedule: { rate: '0 hours' } }, 'schedule.rate', 'whole number'],
    [{ schedule: { expression: 'at(2027-01-01T00:00:00)' } }, 'schedule.expression', 'neither'],
    [{ schedule: { cron: '0 3 * * ? *', rate: '1 day' } }, 'schedule', 'exactly one'],
    [{ schedule: {} }, 'schedule', 'exactly one'],
    [{ schedule: { rate: '1 day', startWithin: '9m' } }, 'schedule.startWithin', 'second try'],
    [{ schedule: { rate: '1 day', startWithin: 'soon' } }, 'schedule.startWithin', 'A duration is'],
    [{ schedule: { rate: '1 day', timeZone: 'Europe/Lodnon' } }, 'schedule.timeZone', 'IANA'],
    [{ retention: { days: 0 } }, 'retention.days', 'at least 1'],
    [{ retention: { minimum: 0 } }, 'retention.minimum', 'at least 1'],
    [{ objectives: { rpo: '23h' } }, 'objectives.rpo', 'cannot be met'],
    [{ objectives: { rto: 'soon' } }, 'objectives.rto', '90m, 26h or 2d'],
    [{ mail: {} }, 'mail.failures', 'Nobody is told'],
    [{ mail: { failures: [] } }, 'mail.failures', 'Nobody is told'],
    [{ mail: { failures: ['Ops <ops@example.com>'] } }, 'mail.failures.0', 'single mail address'],
    [{ mail: { failures: ['a@example.com', 'a@example.com'] } }, 'mail.failures.1', 'twice'],
    [{ members: [] }, 'members', 'at least one'],
    [{ members: [volumes('all', { id: 'i-xyz' })] }, 'members.0.instance.id', 'i-0a1b'],
    [{ members: [volumes('all', {})] }, 'members.0.instance', 'exactly one of id and tags'],
    [{ members: [volumes('all', { ...instance, tags: { a: 'b' } })] }, 'members.0.instance', 'exactly one of id'],
    [{ members: [volumes({})] }, 'members.0.volumes', 'exactly one of devices and tags'],
    [
      { members: [volumes({ devices: ['/dev/sdf'], tags: { a: 'b' } })] },
      'members.0.volumes',
      'exactly one of devices',
    ],
    [{ members: [volumes('all', { tags: {} })] }, 'members.0.instance.tags', 'at least one tag'],
    [{ members: [volumes('all', { tags: { 'aws:x': 'y' } })] }, 'members.0.instance.tags.aws:x', 'reserved'],
    [{ members: [volumes('all', { tags: { Name: 'db-*' } })] }, 'members.0.instance.tags.Name', 'wildcards'],
    [{ members: [volumes('all', { tags: { Name: 'x'.repeat(257) } })] }, 'members.0.instance.tags.Name', '256'],
    [{ members: [volumes({ devices: ['/dev/nvme1n1'] })] }, 'members.0.volumes.devices.0', 'as EC2 shows'],
    [{ members: [volumes({ devices: ['/dev/sdf', '/dev/sdf'] })] }, 'members.0.volumes.devices.1', 'twice'],
    [{ members: [volumes({ devices: [] })] }, 'members.0.volumes.devices', 'at least one device'],
    [{ members: [{ ...volumes('all'), kind: 'tape' }] }, 'members.0.kind', `must be ${memberKinds[0]}`],
    [{ quiesce: { hooks: [filesystem, command] } }, 'quiesce.hooks.0', 'Only the last'],
    [{ quiesce: { hooks: [services('engine')] } }, 'quiesce.hooks.0.units.0', 'named in full'],
    [{ quiesce: { hooks: [services('a b.service')] } }, 'quiesce.hooks.0.units.0', 'named in full'],
    [{ quiesce: { hooks: [services('-a.service')] } }, 'quiesce.hooks.0.units.0', 'named in full'],
    [{ quiesce: { hooks: [services('amazon-ssm-agent.service')] } }, 'quiesce.hooks.0.units.0', 'never stopped'],
    [{ quiesce: { hooks: [services('sshd.socket')] } }, 'quiesce.hooks.0.units.0', 'never stopped'],
    [{ quiesce: { hooks: [services('systemd-journald.service')] } }, 'quiesce.hooks.0.units.0', 'never stopped'],
    [{ quiesce: { hooks: [cleanUp({})] } }, 'quiesce.hooks.0', 'files, folders or both'],
    [{ quiesce: { hooks: [cleanUp({ files: ['*'] })] } }, 'quiesce.hooks.0.files.0', 'everything'],
    [{ quiesce: { hooks: [cleanUp({ files: ['../x'] })] } }, 'quiesce.hooks.0.files.0', 'base name'],
    [{ quiesce: { hooks: [cleanUp({ folders: ['a/b'] })] } }, 'quiesce.hooks.0.folders.0', 'without its path'],
    [{ quiesce: { hooks: [cleanUp({ folders: ['..'] })] } }, 'quiesce.hooks.0.folders.0', 'not the name'],
    [{ quiesce: { hooks: [cleanUp({ folders: ['.'] })] } }, 'quiesce.hooks.0.folders.0', 'not the name'],
    [{ quiesce: { hooks: [cleanUp({ folders: ['none'] })] } }, 'quiesce.hooks.0.folders.0', 'not the name'],
    [{ quiesce: { hooks: [cleanUp({ files: ['none'] })] } }, 'quiesce.hooks.0.files.0', 'everything'],
    [{ quiesce: { hooks: [cleanUp({ files: ['a'], roots: ['/'] })] } }, 'quiesce.hooks.0.roots.0', 'absolute'],
    [
      { quiesce: { hooks: [cleanUp({ files: ['a'], roots: ['/etc/x'] })] } },
      'quiesce.hooks.0.roots.0',
      'never cleaned',
    ],
    [
      { quiesce: { hooks: [cleanUp({ files: ['a'], roots: ['/data/../etc'] })] } },
      'quiesce.hooks.0.roots.0',
      'absolute',
    ],
    [{ quiesce: { hooks: [filesystem, filesystem] } }, 'quiesce.hooks.0', 'only one'],
    [
      { quiesce: { hooks: [{ ...command, deadlineSeconds: 28_801 }] } },
      'quiesce.hooks.0.deadlineSeconds',
      'at most 28800',
    ],
    [{ quiesce: { hooks: [{ ...filesystem, deadlineSeconds: 4 }] } }, 'quiesce.hooks.0.deadlineSeconds', 'at least 5'],
    [{ quiesce: { hooks: [{ kind: 'postgresql' }, filesystem] } }, 'quiesce.hooks.0', 'unless its mode is backup-mode'],
    [hooked({ kind: 'postgresql', port: 0 }), 'quiesce.hooks.0.port', 'at least 1'],
    [hooked({ kind: 'postgresql', socket: "/run'; SELECT 1" }), 'quiesce.hooks.0.socket', 'absolute'],
    [hooked({ kind: 'postgresql', mode: 'SELECT 1' }), 'quiesce.hooks.0.mode', 'backup-mode'],
    [hooked({ kind: 'postgresql', deadlineSeconds: 61 }), 'quiesce.hooks.0.deadlineSeconds', 'at most 60'],
    [hooked({ kind: 'mysql', socket: 'mysqld.sock' }), 'quiesce.hooks.0.socket', 'absolute'],
    [
      hooked({ kind: 'mysql', patienceSeconds: 10, deadlineSeconds: 10 }),
      'quiesce.hooks.0.patienceSeconds',
      'leaves nothing of the deadline',
    ],
    [hooked({ kind: 'redis', port: 65_536 }), 'quiesce.hooks.0.port', 'at most 65535'],
    [hooked({ kind: 'redis', port: 6379, socket: '/run/redis.sock' }), 'quiesce.hooks.0', 'not both'],
    [hooked({ kind: 'redis', passwordFile: '`id`' }), 'quiesce.hooks.0.passwordFile', 'absolute'],
    [hooked({ kind: 'redis', password: 'secret' }), 'quiesce.hooks.0.password', 'no setting'],
    [
      { quiesce: { hooks: [{ kind: 'command', quiesce: '/opt/q' }] } },
      'quiesce.hooks.0.release',
      '"release" is missing',
    ],
    [{ recovery: { keepReplacedDays: 0 } }, 'recovery.keepReplacedDays', 'at least 1'],
    [{ recovery: { verify: 'verify.sh' } }, 'recovery.verify', 'absolute'],
    [{ recovery: { cleanUp: [{ roots: ['/data'] }] } }, 'recovery.cleanUp.0', 'files, folders or both'],
    [{ recovery: { cleanUp: [{ roots: ['/usr'], files: ['a'] }] } }, 'recovery.cleanUp.0.roots.0', 'never cleaned'],
    [{ recovery: { cleanUp: [cleanUp({ files: ['a'] })] } }, 'recovery.cleanUp.0.kind', 'no setting'],
    [{ recovery: [] }, 'recovery', 'mapping'],
  ])('is refused: %j', (changes, path, words) => refused(changes, path, words));

  it.each(['/opt/../x', '//x', '/x/', '/x/./y', 'x', '/a b', '/x;reboot', '/$(x)', '/'])(
    'no script is at %s',
    (quiesce) => {
      refused({ quiesce: { hooks: [{ ...command, quiesce }] } }, 'quiesce.hooks.0.quiesce', 'absolute');
    },
  );

  it.each([
    '/',
    '/boot',
    '/boot/efi',
    '/usr',
    '/var',
    '/var/lib',
    '/var/lib/amazon/ssm',
    '/var/log',
    '/run',
    '/etc',
    '/snap/x',
  ])('%s is never frozen', (mount) =>
    refused({ quiesce: { hooks: [{ ...filesystem, mounts: [mount] }] } }, 'quiesce.hooks.0.mounts.0', 'never frozen'),
  );

  it.each(['/data', '/var/lib/postgresql', '/srv/db.1', '/opt/app', '/runtime'])('%s may be frozen', (mount) =>
    accepted({ quiesce: { hooks: [{ ...filesystem, mounts: [mount] }] } }),
  );

  it.each(['Orders', 'orders-', '1st', 'a_b', '', 'x'.repeat(33), '__proto__'])('"%s" names no workload', (name) => {
    const workloads = Object.fromEntries([[name, least]]);
    expect(told({ version: 1, workloads })).toEqual([expect.stringContaining('A workload is named')]);
  });

  it.each([
    [null, 'mapping'],
    [{}, '"version" is missing'],
    [{ version: 1, workloads: {} }, 'at least one workload'],
    [{ version: 1, workloads: [] }, 'mapping'],
    [{ version: 1, workloads: null }, 'mapping'],
    [{ version: 1, workloads: 'one' }, 'mapping'],
    [{ version: 2, workloads: { one: least } }, 'must be 1'],
  ])('%j is no policy', (input, words) => expect(told(input).join()).toContain(words));

  it('is more than 2,500 workloads', () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `w${index}`,
          // No cron: its times are looked for, workload by workload.
          { ...least, schedule: { rate: '1 day' }, members: [volumes('all', { tags: { w: `${index}` } })] },
        ]),
      );
    expect(told({ version: 1, workloads: many(2500) })).toEqual([]);
    expect(told({ version: 1, workloads: many(2501) })).toEqual([expect.stringContaining('at most 2500')]);
  });
});

describe('an RPO', () => {
  it('must allow for the night with 25 hours', () => {
    const schedule = { cron: '0 3 * * ? *', timeZone: 'Europe/London' };
    accepted({ schedule, objectives: { rpo: '25h' } });
    refused({ schedule, objectives: { rpo: '24h' } }, 'objectives.rpo', 'up to 25 h');
  });

  it('must allow for a night that spring forward leaves out, and follows the schedule when it is not given', () => {
    const schedule = { cron: '30 1 * * ? *', timeZone: 'Europe/London' };
    refused({ schedule, objectives: { rpo: '26h' } }, 'objectives.rpo', 'up to 47 h');
    const parsed = parsePolicy(policyWith({ schedule }));
    expect('policy' in parsed && parsed.policy.workloads[0]?.objectives.rpoMinutes).toBe(49 * 60);
  });
});

describe('volumes claimed twice', () => {
  const byName = { tags: { Name: 'db' } };
  it.each([
    [volumes('all'), volumes({ devices: ['/dev/sdh'] })],
    [volumes('data'), volumes({ tags: { a: 'b' } })],
    [volumes('data'), volumes({ devices: ['/dev/sdh'] })],
    [volumes({ devices: ['/dev/sdf', '/dev/sdh'] }), volumes({ devices: ['/dev/sdh'] })],
    [volumes('data', byName), volumes('data', byName)],
    [volumes('data', byName), volumes('data', { tags: { Name: 'db', stage: 'live' } })],
    [volumes({ tags: { a: 'b' } }), volumes({ tags: { a: 'b', c: 'd' } })],
    [volumes('data'), volumes({ devices: ['/dev/xvda', '/dev/xvdf'] })],
  ])('are found, also in either order: %j and %j', (one, other) => {
    for (const members of [[one], [other]]) {
      const workloads = {
        one: { ...least, members },
        two: { ...least, members: members[0] === one ? [other] : [one] },
      };
      expect(told({ version: 1, workloads })).toEqual([
        'workloads.two.members.0: These volumes are already claimed by workloads.one.members.0; a volume belongs to one member.',
      ]);
    }
    refused({ members: [one, other] }, 'members.1', 'already claimed by workloads.one.members.0');
  });

  it('are found whichever of several members has them', () => {
    const devices = (...names: readonly string[]) => volumes({ devices: names });
    const members = [devices('/dev/sdf'), devices('/dev/sdg'), devices('/dev/sdh', '/dev/sdg')];
    refused({ members }, 'members.2', 'already claimed by workloads.one.members.1');
  });

  it.each([
    [volumes('data'), volumes({ devices: ['/dev/sda1'] })],
    [volumes({ devices: ['/dev/xvda'] }), volumes('data')],
    [volumes({ devices: ['/dev/sdf'] }), volumes({ tags: { a: 'b' } })],
    [volumes({ tags: { a: 'b' } }), volumes({ devices: ['/dev/sdf'] })],
    [volumes('all', { tags: { Name: 'db', stage: 'live' } }), volumes('all', { tags: { Name: 'db', owner: 'ann' } })],
    [
      { kind: 'rds', resource: 'orders' },
      { kind: 'memorydb', resource: 'orders' },
    ],
    [volumes({ devices: ['/dev/sdf'] }), volumes({ devices: ['/dev/sdg'] })],
    [volumes({ tags: { a: 'b' } }), volumes({ tags: { a: 'c' } })],
    [volumes('all'), volumes('all', { id: 'i-0a1b2c3d4e5f60719' })],
    [volumes('all'), volumes('all', byName)],
  ])('are not suspected of %j and %j', (one, other) => accepted({ members: [one, other] }));
});

describe('mistakes', () => {
  it('are all told at once, whatever section they are in', () => {
    const input = {
      version: 3,
      workloads: {
        one: { ...least, schedule: { cron: 'x' }, retention: { days: 'many' }, objectives: { rpo: '1m' } },
        two: { ...least, mail: {}, objectives: { rpo: '1h' }, tier: 1 },
        three: 5,
      },
    };
    expect(mistakesOf(input).map(({ path }) => path.join('.'))).toEqual([
      'version',
      'workloads.one.retention.days',
      'workloads.one.schedule.cron',
      'workloads.two.tier',
      'workloads.two.objectives.rpo',
      'workloads.two.mail.failures',
      'workloads.three',
      'workloads.two.members.0',
    ]);
  });

  it('of every section are told though another section cannot be read', () => {
    const managed = { kind: 'memorydb', resource: 'orders' };
    const key = 'arn:aws:kms:eu-north-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001';
    const changes = {
      ...{ description: 3, members: [managed], window: '481m', mail: {}, objectives: { rpo: '1h' } },
      ...{ quiesce: { hooks: [filesystem, command] }, copyTo: { region: 'eu-central-1', key } },
      ...{ retention: { days: 1 }, recovery: { verify: '/opt/verify' } },
    };
    expect(mistakesOf(policyWith(changes)).map(({ path }) => path.slice(2).join('.'))).toEqual([
      ...['description', 'objectives.rpo', 'quiesce.hooks.0', 'window'],
      ...['quiesce.hooks.0.deadlineSeconds', 'quiesce.hooks.1.deadlineSeconds', 'copyTo', 'copyTo.key'],
      ...['recovery.verify', 'mail.failures'],
    ]);
  });

  it('are not made up because another section could not be read', () => {
    expect(told(policyWith({ mail: {} }, { mail: { failures: ['nonsense'] } }))).toEqual([
      expect.stringContaining('mail.failures.0: This is not a single mail address'),
    ]);
  });

  it('do not include what is only strange: that is noted', () => {
    const parsed = parsePolicy(policyWith({ retention: { days: 2, minimum: 7 } }));
    expect(parsed).toMatchObject({
      notes: [{ path: ['workloads', 'one', 'retention'], message: expect.stringContaining('7 d') }],
    });
  });
});

describe('a file system that nobody could promote the restored files of', () => {
  const efs = { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718' };
  const notes = (members: readonly object[]) => {
    const parsed = parsePolicy(policyWith({ members }));
    return 'notes' in parsed ? parsed.notes.map(({ path, message }) => `${path.join('.')}: ${message}`) : [];
  };

  it('is noted before any night, with what helps', () => {
    expect(notes([efs])).toEqual([
      expect.stringMatching(/^workloads\.one\.members\.0: .*fs-0a1b2c3d4e5f60718.*promoteOn/),
    ]);
  });

  it('is not, where an instance is named, or is a member', () => {
    expect(notes([{ ...efs, promoteOn: { id: 'i-0b5e55ed000000001' } }])).toEqual([]);
    expect(notes([efs, volumes('all')])).toEqual([]);
  });
});

describe('the schema for editors', () => {
  it('is the committed one', () => {
    const committed: unknown = JSON.parse(readFileSync(new URL('../../holdfast.schema.json', import.meta.url), 'utf8'));
    expect(policyJsonSchema()).toEqual(committed);
    expect(JSON.parse(policyJsonSchemaText())).toEqual(committed);
  });
});
