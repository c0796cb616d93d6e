import { describe, expect, it } from 'vitest';
import { type Mistake, parsePolicy } from './policy-schema.ts';

// Every sentence in full: whoever writes a policy has nothing else to go by.

const id = 'i-0a1b2c3d4e5f60718';
const disk = { kind: 'ebs', instance: { id }, volumes: 'data' };
const other = { ...disk, instance: { id: 'i-0a1b2c3d4e5f60719' } };
const image = { kind: 'ami', instance: { id } };
const database = { kind: 'rds', resource: 'orders' };
const table = { kind: 'dynamodb', resource: 'carts' };
const cluster = { kind: 'memorydb', resource: 'sessions' };
const files = { kind: 'efs', resource: 'fs-0a1b2c3d4e5f60718' };
const command = { kind: 'command', quiesce: '/opt/quiesce', release: '/opt/release' };
const filesystem = { kind: 'filesystem' };
const vss = { kind: 'windows-vss' };
const cleanUp = { roots: ['/data'], files: ['TEMP.*'] };
const key = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const copyTo = { region: 'eu-central-1', key };
const least = { schedule: { cron: '0 3 * * ? *' }, members: [disk], mail: { failures: ['ops@example.com'] } };

const hooked = (...hooks: readonly object[]) => ({ quiesce: { hooks } });
const automatic = { automatic: { retentionDays: 7 } };
const onlyMembers = (...members: readonly object[]) => ({ members });

/** `where: message [expected]` of each. */
const told = (mistakes: readonly Mistake[]) =>
  mistakes.map(
    ({ path, message, expected }) => `${path.join('.')}: ${message}${expected === undefined ? '' : ` [${expected}]`}`,
  );

function mistakesOf(changes: object, more: object = {}): readonly string[] {
  const parsed = parsePolicy({ version: 1, workloads: { one: { ...least, ...changes } }, ...more });
  return 'mistakes' in parsed ? told(parsed.mistakes) : [];
}

function notesOf(changes: object): readonly string[] {
  const parsed = parsePolicy({ version: 1, workloads: { one: { ...least, ...changes } } });
  return 'notes' in parsed ? told(parsed.notes) : told(parsed.mistakes);
}

const inFull = (wrong: Readonly<Record<string, object>>) =>
  Object.fromEntries(Object.entries(wrong).map(([what, changes]) => [what, mistakesOf(changes)]));

const withPlan = (plan: object) =>
  mistakesOf({}, { plans: { all: { select: { tags: { backup: 'daily' } }, ...plan } } });

describe('what is told of a policy', () => {
  it('whose schedule or objectives cannot be', () => {
    expect(
      inFull({
        'never due': { schedule: { cron: '0 3 30 2 ? *' } },
        'no time zone, and never read': { schedule: { rate: '1 day', timeZone: 'Lodnon' }, objectives: { rpo: '1h' } },
        'a time zone and an expression': { schedule: { expression: 'daily', timeZone: 'Lodnon' } },
        'cron with brackets': { schedule: { cron: 'cron(0 3 * * ? *)' } },
        'rate with brackets': { schedule: { rate: 'rate(1 day)' } },
        'too soon': { schedule: { rate: '1 day', startWithin: '9m' } },
        'an RPO that cannot be met, in minutes': { schedule: { rate: '90 minutes' }, objectives: { rpo: '89m' } },
        'an RPO that is met': { schedule: { rate: '90 minutes' }, objectives: { rpo: '90m' } },
        'nobody to tell': { mail: {} },
      }),
    ).toMatchInlineSnapshot(`
      {
        "a time zone and an expression": [
          "workloads.one.schedule.expression: "daily" is neither cron(…) nor rate(…).",
          "workloads.one.schedule.timeZone: "Lodnon" is not a time zone of the IANA database, such as Europe/London.",
        ],
        "an RPO that cannot be met, in minutes": [
          "workloads.one.objectives.rpo: An RPO of 89m cannot be met: the schedule leaves up to 1 h 30 min between two runs (after 2026-01-01T01:30:00.000Z). [at least 90m]",
        ],
        "an RPO that is met": [],
        "cron with brackets": [
          "workloads.one.schedule.cron: What has brackets is an "expression": leave the brackets and the word before them away, or name this setting "expression" instead of "cron".",
        ],
        "never due": [
          "workloads.one.schedule.cron: cron(0 3 30 2 ? *) is never due: there is no such day to come.",
        ],
        "no time zone, and never read": [
          "workloads.one.schedule.timeZone: "Lodnon" is not a time zone of the IANA database, such as Europe/London.",
        ],
        "nobody to tell": [
          "workloads.one.mail.failures: Nobody is told when this workload fails: name at least one address here or under the top-level mail.failures.",
        ],
        "rate with brackets": [
          "workloads.one.schedule.rate: What has brackets is an "expression": leave the brackets and the word before them away, or name this setting "expression" instead of "rate".",
        ],
        "too soon": [
          "workloads.one.schedule.startWithin: A second try of a call that was lost, and waiting for slots, take minutes. [at least 10m]",
        ],
      }
    `);
  });

  it('whose hooks cannot go together, or with what is held', () => {
    const held = { ...command, deadlineSeconds: 600 };
    expect(
      inFull({
        'two that freeze': hooked(filesystem, { kind: 'redis' }, command),
        'one that freezes last': hooked(command, filesystem),
        'backup mode first': hooked({ kind: 'postgresql', mode: 'backup-mode' }, filesystem),
        'no patience left': hooked({ kind: 'mysql', patienceSeconds: 30, deadlineSeconds: 30 }),
        'a deadline of less than the window': { ...onlyMembers(database), window: '11m', ...hooked(held) },
        'a deadline as long as the window': { ...onlyMembers(database), window: '10m', ...hooked(held) },
        'a reboot': { ...onlyMembers({ ...image, reboot: true }), ...hooked({ ...command, deadlineSeconds: 3600 }) },
        'VSS and another': hooked(vss, command),
        'VSS of what it cannot take': {
          ...hooked(vss),
          ...onlyMembers({ ...disk, volumes: { devices: ['/dev/sdf'] } }, { ...other, tier: 2 }, { ...files, tier: 3 }),
        },
        'VSS with scripts for Linux': { ...hooked(vss), recovery: { verify: '/opt/verify', cleanUp: [cleanUp] } },
      }),
    ).toMatchInlineSnapshot(`
      {
        "VSS and another": [
          "workloads.one.quiesce.hooks: windows-vss holds still and takes the snapshots in one go, on Windows: it must be the only hook of its workload.",
        ],
        "VSS of what it cannot take": [
          "workloads.one.members.0.volumes: windows-vss takes all volumes of an instance, or all but the root: give all or data.",
          "workloads.one.members.1.tier: windows-vss takes all instances at the same time: give all members of the workload one tier.",
          "workloads.one.members.2.kind: windows-vss holds instances only: make members of other kinds a workload of their own.",
        ],
        "VSS with scripts for Linux": [
          "workloads.one.recovery.verify: recovery.verify runs a script on Linux guests, and windows-vss is for Windows: leave it out.",
          "workloads.one.recovery.cleanUp: recovery.cleanUp runs a script on Linux guests, and windows-vss is for Windows: leave it out.",
        ],
        "a deadline as long as the window": [],
        "a deadline of less than the window": [
          "workloads.one.quiesce.hooks.0.deadlineSeconds: The command hook lets go after 600 s, and the window may last 11 min: give it that long, if it can (command and services can), or a shorter window. [at least 660]",
        ],
        "a reboot": [
          "workloads.one.members.0.reboot: A reboot ends whatever a hook holds still, its timer too, and a frozen file system would keep the guest from going down: give reboot or hooks. Without a reboot the hooks make the image consistent.",
        ],
        "backup mode first": [],
        "no patience left": [
          "workloads.one.quiesce.hooks.0.patienceSeconds: Waiting 30 s for statements leaves nothing of the deadline of 30 s. [less than 30]",
        ],
        "one that freezes last": [],
        "two that freeze": [
          "workloads.one.quiesce.hooks.0: Only the last hook may freeze file systems (as postgresql does unless its mode is backup-mode, and redis with an append-only file), and only one: whatever runs after it could block on a frozen file system.",
          "workloads.one.quiesce.hooks.1: Only the last hook may freeze file systems (as postgresql does unless its mode is backup-mode, and redis with an append-only file), and only one: whatever runs after it could block on a frozen file system.",
        ],
      }
    `);
  });

  it('whose members are in the wrong order, or whose window is no window', () => {
    expect(
      inFull({
        'a disk in the tier of databases': onlyMembers(
          ...[
            { ...cluster, tier: 1 },
            { ...database, tier: 2 },
            { ...table, tier: 2 },
          ],
          ...[
            { ...disk, tier: 2 },
            { ...other, tier: 3 },
          ],
        ),
        'too long': { ...onlyMembers(database), window: '481m' },
        'as long as may be': { ...onlyMembers(database), window: '8h' },
        'of disks': { window: '90m' },
      }),
    ).toMatchInlineSnapshot(`
      {
        "a disk in the tier of databases": [
          "workloads.one.members.3.tier: A restored database must be older than the disk that it refers to: tier 2 has rds, dynamodb, so ebs must be in a later tier. [3 or more]",
        ],
        "as long as may be": [],
        "of disks": [
          "workloads.one.window: The window of EBS members lasts as long as the hooks hold: give their deadlineSeconds instead.",
        ],
        "too long": [
          "workloads.one.window: A window of 481m is too long. [at most 8h]",
        ],
      }
    `);
  });

  it('whose copies could not be made', () => {
    expect(
      inFull({
        'kinds that are not copied': { copyTo, ...onlyMembers(table, cluster, { ...disk, tier: 2 }) },
        'a moment': { copyTo, ...onlyMembers({ ...database, continuous: true }) },
        'a key elsewhere': { copyTo: { ...copyTo, region: 'eu-north-1' } },
        'as old as points': { copyTo: { ...copyTo, rpo: '26h' }, objectives: { rpo: '26h' } },
      }),
    ).toMatchInlineSnapshot(`
      {
        "a key elsewhere": [
          "workloads.one.copyTo.key: The key is in eu-central-1, and copies in eu-north-1 are encrypted with a key there; of a multi-Region key, with its replica there.",
        ],
        "a moment": [
          "workloads.one.copyTo: rds orders is continuous: what a point has of it is a moment of a backup that stays in its Region, and nothing of it can be copied. Leave out its "continuous", or copyTo.",
        ],
        "as old as points": [
          "workloads.one.copyTo.rpo: What is copied is older than the point that it is a copy of, which may be 26h old. [more than 26h]",
        ],
        "kinds that are not copied": [
          "workloads.one.copyTo: Members of kind dynamodb are not copied to another Region, and a set there without them is none: one set or none. Copied are members of kind aurora, ebs, rds. Have AWS Backup copy the others by a plan, or take them into a workload of their own.",
          "workloads.one.copyTo: Members of kind memorydb are not copied to another Region, and a set there without them is none: one set or none. Copied are members of kind aurora, ebs, rds. Have AWS Backup copy the others by a plan, or take them into a workload of their own.",
        ],
      }
    `);
  });

  it('whose recovery would have no instance', () => {
    const idle = { restoreInto: 'present', parameter: '/files', promoteOn: { id }, cleanUp: { files: ['TEMP.*'] } };
    expect(
      inFull({
        'of caches': { ...onlyMembers(cluster), recovery: { verify: '/opt/verify', cleanUp: [cleanUp] } },
        'of files': onlyMembers({ ...files, cleanUp: { files: ['TEMP.*'] } }),
        'of files beside those of now': onlyMembers({ ...files, ...idle }),
      }),
    ).toMatchInlineSnapshot(`
      {
        "of caches": [
          "workloads.one.recovery.cleanUp: This would never be run: it takes files away on instances of ebs and ami members, and this workload has none. Leave it out; temporary files of a file system go by cleanUp of its efs member.",
          "workloads.one.recovery.verify: This script would never be run: the workload has no instance. Leave it out, and look yourself after a recovery; or name an instance with promoteOn of an efs member, which runs it.",
        ],
        "of files": [
          "workloads.one.members.0.cleanUp: No instance is known that could take these files away: name one that reaches the mount targets with promoteOn.",
        ],
        "of files beside those of now": [
          "workloads.one.members.0.parameter: With restoreInto: present files are put beside those of now and stay there: nothing is moved, deleted or handed over. Leave one of the two out.",
          "workloads.one.members.0.promoteOn: With restoreInto: present files are put beside those of now and stay there: nothing is moved, deleted or handed over. Leave one of the two out.",
          "workloads.one.members.0.cleanUp: With restoreInto: present files are put beside those of now and stay there: nothing is moved, deleted or handed over. Leave one of the two out.",
        ],
      }
    `);
  });

  it('of which a service makes too much, or keeps too little', () => {
    const kmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001';
    const moment = { ...database, continuous: true };
    expect(
      inFull({
        'too often': { schedule: { rate: '1 hour' }, ...onlyMembers(cluster) },
        'too often for copies': { schedule: { rate: '2 hours' }, ...onlyMembers({ ...cluster, copy: { kmsKey } }) },
        'automatic snapshots that cannot follow': {
          ...{ schedule: { rate: '1 day' }, window: '59m' },
          ...onlyMembers({ ...cluster, ...automatic }),
        },
        'a moment of long ago': { ...onlyMembers(moment), retention: { days: 36 } },
        'moments for being the newest': { ...onlyMembers(moment), retention: { days: 7, minimum: 8 } },
        'moments of a schedule that cannot be read': {
          ...{ ...onlyMembers(moment), schedule: { cron: 'x' }, retention: { days: 1, minimum: 8 } },
        },
      }),
    ).toMatchInlineSnapshot(`
      {
        "a moment of long ago": [
          "workloads.one.retention.days: The continuous backup of rds is kept 35 days at most, so no point of it can be kept 36. [at most 35]",
        ],
        "automatic snapshots that cannot follow": [
          "workloads.one.members.0.automatic: The automatic snapshots of memorydb sessions are made every day at one time, which cannot follow rate(1 day): give the workload a daily or weekly time with cron, or set retentionDays to 0.",
          "workloads.one.members.0.automatic: The automatic snapshots of memorydb sessions begin at any time in a window of 60 minutes at least (docs.aws.amazon.com/memorydb/latest/devguide/snapshots-automatic.html), which does not fit into the workload's window of 59: give it 60 minutes or more, or set retentionDays to 0.",
        ],
        "moments for being the newest": [
          "workloads.one.retention.minimum: The newest 8 points span up to 8 d, and what is continuous is gone after 7 days: no point is kept for being one of the newest. [at most 7]",
        ],
        "moments of a schedule that cannot be read": [
          "workloads.one.schedule.cron: cron has six fields (minutes hours day-of-month month day-of-week year), not 1.",
        ],
        "too often": [
          "workloads.one.members.0: The schedule is due 24 times in 24 hours, and of memorydb sessions its service makes at most 20 snapshots in that time.",
        ],
        "too often for copies": [
          "workloads.one.members.0: The schedule is due 12 times in 24 hours, and of memorydb sessions its service makes at most 10 snapshots in that time, their copies counted too.",
        ],
      }
    `);
  });

  it('whose backup plan AWS Backup would not do as it says', () => {
    const rules = [
      { cron: '0 25 * * ? *', timeZone: 'Lodnon', startWithin: '59m', completeWithin: '118m' },
      { keepDays: 100, coldAfterDays: 11 },
      { continuous: true, keepDays: 36 },
    ];
    const tags = { backup: 'daily' };
    expect({
      rules: withPlan({ rules }),
      'continuous copies of other types': withPlan({ select: { tags, types: ['ebs'] }, rules: [{ continuous: true }] }),
      'continuous and cold': withPlan({
        ...{ select: { tags, types: ['s3'] }, rules: [{ continuous: true, keepDays: 35, coldAfterDays: 1 }] },
      }),
      'a lock that nothing fits': withPlan({ lock: { minDays: 40, maxDays: 39 } }),
    }).toMatchInlineSnapshot(`
      {
        "a lock that nothing fits": [
          "plans.all.rules.0.keepDays: Copies that are kept 30 days do not fit the vault's lock, so every job would fail.",
          "plans.all.lock.maxDays: It is less than minDays.",
        ],
        "continuous and cold": [
          "plans.all.rules.0.keepDays: What is in cold storage from day 1 on stays there 90 days. [at least 91]",
          "plans.all.rules.0.continuous: A continuous backup is kept 35 days at most, and never cold.",
        ],
        "continuous copies of other types": [
          "plans.all.rules.0.continuous: There are continuous backups of rds, cluster (Aurora) and s3 only.",
        ],
        "rules": [
          "plans.all.rules.0.cron: The hours of cron cannot be "25": 0 to 23, with , - * and /.",
          "plans.all.rules.0.timeZone: "Lodnon" is not a time zone of the IANA database, such as Europe/London.",
          "plans.all.rules.0.startWithin: AWS Backup takes an hour at least to begin a job.",
          "plans.all.rules.0.completeWithin: A job may begin 59 min late, and needs an hour at least: give it 119m.",
          "plans.all.rules.1.keepDays: What is in cold storage from day 11 on stays there 90 days. [at least 101]",
          "plans.all.rules.2.continuous: This rule would reach file systems of EFS, of which there is no continuous backup: AWS Backup would copy them while they change. Name the types it is for: rds, cluster, s3.",
          "plans.all.rules.2.continuous: A continuous backup is kept 35 days at most, and never cold.",
        ],
      }
    `);
  });
});

describe('what is noted of a policy', () => {
  it('that is allowed, and probably not what was meant', () => {
    expect({
      retention: notesOf({ retention: { days: 6, minimum: 7 } }),
      'retention that fits': notesOf({ retention: { days: 7, minimum: 7 } }),
      'user data': notesOf(onlyMembers({ ...image, instance: { tags: { Name: 'box' } } })),
      promotion: notesOf(onlyMembers(database, { ...files, tier: 2 })),
      'files beside those of now': notesOf(onlyMembers({ ...files, restoreInto: 'present' })),
    }).toMatchInlineSnapshot(`
      {
        "files beside those of now": [],
        "promotion": [
          "workloads.one.members.1: No instance is known that could move the restored files of fs-0a1b2c3d4e5f60718 to their place, so a recovery leaves that to a person. Name one that mounts it with promoteOn.",
        ],
        "retention": [
          "workloads.one.retention: The newest 7 points span up to 7 d, so they are kept longer than the 6 days.",
        ],
        "retention that fits": [],
        "user data": [
          "workloads.one.members.0: What its instances are told as they start (user data of up to 4,096 characters) is kept in the ledger, for a launch when they are gone, and readers may read that: keep secrets elsewhere.",
        ],
      }
    `);
  });
});
