/** What can be typed: the grammar, and the words that teach it. Each command's code is loaded only when it runs. */
import type { PeoplePolicy } from './needed-policy.ts';
import { aDayOrZonedTime, aNumber, aWholeNumber, aZonedTime, fewWords, type OptionCheck } from './option-checks.ts';
import type { Run } from './shell.ts';

export interface CommandSpec {
  /** Name and arguments: `backup <workload>`. */
  readonly usage: string;
  readonly summary: string;
  /** More than the summary; sentences. */
  readonly description: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** The stack's managed policy that lets a person do it, beside that of the readers. */
  readonly allowedBy: PeoplePolicy;
  readonly load: () => Promise<{ readonly run: Run }>;
}

export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  /** Names of options that it cannot stand beside. */
  readonly conflicts?: readonly string[];
  /** Of its value, or of each. */
  readonly check?: OptionCheck;
}

const validate: CommandSpec = {
  usage: 'validate [file]',
  summary: 'check a policy file and list every mistake',
  description:
    'Every mistake in one go, with its line and column, what may stand there and what was probably meant. Asks nothing of AWS.',
  options: [],
  examples: ['validate', 'validate policies/production.yaml', 'validate --json'],
  allowedBy: 'HoldfastReaders',
  load: () => import('./validate.ts'),
};

const plan: CommandSpec = {
  usage: 'plan [workload]',
  summary: 'show what would be backed up, and every reason why not',
  description:
    'Finds instances and volumes in the account by the policy, and tells how long workloads that share a time will wait for snapshot slots. Reads only, and needs no deployed stack. Exit code 3 when something would be refused, or the schedules can never keep up.',
  options: [],
  examples: ['plan', 'plan orders-db --policy policies/production.yaml --profile production'],
  allowedBy: 'HoldfastReaders',
  load: () => import('./plan.ts'),
};

const doctor: CommandSpec = {
  usage: 'doctor [workload]',
  summary: 'ask everything that a night would need, guests included',
  description:
    'What `plan` finds, whether the deployed documents are those of this version, and on each guest whether its hooks would work: scripts, owners, mounts, units. Holds nothing still. Without a workload: all of them, and whether the plans of AWS Backup copy what they should, and what lacks their tags. Each finding comes with what to do. Exit code 3 when there is one.',
  options: [{ flags: '--plans', description: 'of the plans of AWS Backup alone' }],
  examples: ['doctor', 'doctor orders-db', 'doctor orders-db --json', 'doctor --plans'],
  allowedBy: 'HoldfastOperators',
  load: () => import('./doctor.ts'),
};

const points: CommandSpec = {
  usage: 'points [workload]',
  summary: 'list recovery points, newest first',
  description:
    'What can be recovered, how far it can be trusted, and until when it is kept. Below it what plans of AWS Backup have copied of the workload by themselves, where the policy has plans.',
  options: [
    { flags: '--evidence', description: 'the recorded times that each verdict rests on' },
    {
      flags: '--from-tags',
      description: 'read the snapshots’ tags instead of the ledger: for when the ledger is gone',
    },
  ],
  examples: ['points', 'points orders-db --evidence', 'points orders-db --from-tags'],
  allowedBy: 'HoldfastReaders',
  load: () => import('./points.ts'),
};

const backup: CommandSpec = {
  usage: 'backup <workload>',
  summary: 'take a recovery point now, and watch it',
  description:
    'Begins a run as the schedule would, and watches until it is sealed or has failed. Ctrl-C ends watching, not the run.',
  options: [{ flags: '--no-wait', description: 'begin it, and do not watch' }],
  examples: ['backup orders-db', 'backup orders-db --no-wait'],
  allowedBy: 'HoldfastOperators',
  load: () => import('./backup.ts'),
};

const recover: CommandSpec = {
  usage: 'recover <workload>',
  summary: 'bring a workload back: plan, confirm, watch',
  description:
    'Shows the plan first (a dry run in AWS, with every call that would change something), then asks. All that is new is made before what runs is touched; what is replaced is kept; a recovery that fails is rolled back. Ctrl-C ends watching, not the recovery.',
  options: [
    {
      flags: '--point <id>',
      description: '`latest`, or a point’s id; what a plan has copied by its id alone (default: latest)',
      conflicts: ['before'],
      check: fewWords,
    },
    {
      flags: '--before <time>',
      description: 'the newest point taken before this time (ISO 8601, with its zone; a day alone: its beginning, UTC)',
      check: aDayOrZonedTime,
    },
    { flags: '--to-instance <id>', description: 'into another instance of the Region', check: fewWords },
    {
      flags: '--volume <device...>',
      description: 'only these devices, such as /dev/sdh (default: all)',
      check: fewWords,
    },
    {
      flags: '--replace',
      description: 'instances launched from images take the place of the present ones',
      conflicts: ['toInstance', 'volume'],
    },
    {
      flags: '--rdb <arn...>',
      description: 'files in S3 instead of a point: a new cache is made from them (arn:aws:s3:::bucket/name.rdb)',
      conflicts: ['point', 'before', 'toInstance', 'volume', 'replace'],
      check: fewWords,
    },
    {
      flags: '--reason <text>',
      description: 'why, in at most 500 characters; goes on tags and into mails',
      check: fewWords,
    },
    {
      flags: '--undo',
      description: 'once more: bring back what was there before the last recovery, which is STRANDED',
      conflicts: ['point', 'before', 'toInstance', 'volume', 'replace', 'rdb', 'reason', 'dryRun'],
    },
    { flags: '--dry-run', description: 'show the plan and stop' },
    { flags: '--yes', description: 'do not ask' },
  ],
  examples: [
    'recover appliance --dry-run',
    'recover appliance',
    'recover orders-db --before 2026-11-21T03:00:00Z --reason "bad deployment"',
    'recover billing --replace --dry-run',
    'recover sessions --rdb arn:aws:s3:::cache-files/sessions-0001.rdb --dry-run',
    'recover orders-db --point everything.1-day.20261121T050000Z --dry-run',
    'recover orders-db --point latest --to-instance i-0123456789abcdef0 --yes',
    'recover appliance --undo',
  ],
  allowedBy: 'HoldfastOperators',
  load: () => import('./recover.ts'),
};

const status: CommandSpec = {
  usage: 'status [workload]',
  summary: 'how every workload stands',
  description:
    'Last run, newest point against its RPO, next run, who holds the workload, standing alarms, open recoveries; what of the policy is not deployed as it stands there. Of each plan of AWS Backup, unless a workload is named: its next times, what it reaches, the newest copy of each, and what went wrong since yesterday.',
  options: [{ flags: '--watch', description: 'again every three seconds, until Ctrl-C; without the plans' }],
  examples: ['status', 'status orders-db --json', 'status --watch'],
  allowedBy: 'HoldfastReaders',
  load: () => import('./status.ts'),
};

const region: CommandSpec = {
  usage: 'region',
  summary: 'serve a simulated AWS region to try all of this in',
  description:
    'On loopback, without an account: the policy’s stack deployed from its own template, and two instances that write. Ctrl-C ends it and forgets everything.',
  options: [
    {
      flags: '--at <time>',
      description: 'what its clock shows at first (ISO 8601, with its zone; default: now)',
      check: aZonedTime,
    },
    { flags: '--port <number>', description: 'default: 4599; 0 for a free one', check: aWholeNumber(0, 65_535) },
    {
      flags: '--speed <factor>',
      description: 'how much faster than the clock on the wall time passes there, from 0.1 to 100000 (default: 60)',
      check: aNumber(0.1, 100_000),
    },
  ],
  examples: ['region', 'region --at 2026-01-15T02:58:00Z', 'region --port 4600 --speed 600'],
  allowedBy: 'HoldfastReaders',
  load: () => import('./region.ts'),
};

export const commands: readonly CommandSpec[] = [validate, plan, doctor, backup, status, points, recover, region];
