/** The command line, as processes, against a region that `holdfast region` serves. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdfast, type ServedRegion, serveRegion } from './served-region.ts';

const directory = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
const fileOf = (name: string, text: string) => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What does not fit a terminal of 100 columns. */
const tooWide = ({ out, err }: { readonly out: string; readonly err: string }) =>
  `${out}\n${err}`.split('\n').filter((line) => line.length > 100);

describe('without AWS', () => {
  test('help teaches: every command, a first look, and every exit code', async () => {
    const help = await holdfast(['--help']);
    const { code, out } = help;
    expect(code).toBe(0);
    expect(tooWide(help)).toEqual([]);
    for (const word of [
      'validate',
      'plan',
      'doctor',
      'backup',
      'status',
      'points',
      'recover',
      'region',
      'npm run demo',
      'stranded',
    ]) {
      expect(out).toContain(word);
    }
  });

  test.each(['validate', 'plan', 'doctor', 'backup', 'status', 'points', 'recover', 'region'])(
    '%s --help has an example',
    async (name) => {
      const help = await holdfast([name, '--help']);
      const { code, out } = help;
      expect(code).toBe(0);
      expect(tooWide(help)).toEqual([]);
      expect(out).toMatch(new RegExp(`Examples:\\n  npx holdfast ${name}`));
    },
  );

  test.each([
    ['a command that there is not', ['backupp', 'appliance']],
    ['a missing argument', ['backup']],
    ['an option that there is not', ['recover', 'appliance', '--dryrun']],
    ['a point and a time', ['recover', 'appliance', '--point', 'latest', '--before', '2026-01-01']],
    ['another instance, and a replacement', ['recover', 'appliance', '--to-instance', 'i-1', '--replace']],
    ['a time that is none', ['recover', 'appliance', '--before', 'yesterday', '--dry-run']],
    ['a policy that is not there', ['validate', 'nowhere.yaml']],
    ['a port that is none', ['region', '--port', 'many']],
    ['a time of the region that is none', ['region', '--at', 'tomorrow']],
  ])('bad usage is exit code 2, without a stack trace: %s', async (_, args) => {
    const { code, err, lines } = await holdfast([...args, '--json']);
    expect(code).toBe(2);
    expect(tooWide({ out: '', err })).toEqual([]);
    expect(err).not.toBe('');
    expect(err).not.toMatch(/\n\s+at |✖/);
    expect(lines()).toEqual([expect.objectContaining({ event: 'error', safe: 'Nothing was changed.', exitCode: 2 })]);
  });

  test('every option that cannot be meant so is told in a sentence, all at once', async () => {
    const region = await holdfast(['region', '--port', 'abc', '--at', 'foo', '--speed', '-1']);
    expect(region.code).toBe(2);
    expect(region.err).toContain('--port takes a whole number from 0 to 65535, not "abc".');
    expect(region.err).toContain('--at takes a time such as 2026-11-21T03:00:00Z, not "foo".');
    expect(region.err).toContain('--speed takes a number from 0.1 to 100000, not "-1".');
    expect(region.err).toContain('npx holdfast region --help');
    const recover = await holdfast([
      'recover',
      'appliance',
      '--dry-run',
      '--reason',
      'x'.repeat(600),
      '--before',
      'x 1',
    ]);
    expect(recover.code).toBe(2);
    expect(recover.err).toContain('--reason takes at most 500 characters; these are 600.');
    expect(recover.err).toContain('--before takes a time such as');
  });

  test('help that was asked for is no error, and a command that is missing is one', async () => {
    expect(await holdfast([], {})).toMatchObject({ code: 2, err: expect.stringContaining('A command is missing.') });
    expect(await holdfast(['status', '--help', '--json'])).toMatchObject({ code: 0, err: '' });
  });

  test('a variable of the shell that is not set, and names that cannot be, are told all at once', async () => {
    const { code, err } = await holdfast([
      'recover',
      '',
      '--yes',
      '--policy',
      '',
      '--stack',
      'My stack',
      '--region',
      'EU',
    ]);
    expect(code).toBe(2);
    expect(err.split('\n').slice(0, 4)).toEqual([
      'holdfast: The workload is empty.',
      '--policy is empty.',
      '--stack takes the name of a stack, of letters, digits and hyphens, not "My stack".',
      '--region takes a Region such as eu-west-1, not "EU".',
    ]);
  });

  test('help is there by the names that people know it by', async () => {
    const { out } = await holdfast(['status', '--help']);
    for (const args of [
      ['status', '-h'],
      ['help', 'status'],
    ])
      expect(await holdfast(args)).toMatchObject({ code: 0, out, err: '' });
  });

  test('an option in front of the command is told to stand behind it', async () => {
    const { code, err } = await holdfast(['--json', 'status']);
    expect([code, err]).toEqual([2, expect.stringContaining("'--json' in front of the command: options stand behind")]);
  });

  test('a policy that is not there is told by its whole path, and thousands of workloads by the first of them', async () => {
    const missing = await holdfast(['plan', '--policy', 'nowhere.yaml']);
    expect(missing.err).toMatch(/There is no policy \/.*\/nowhere\.yaml\.\n[\s\S]*--policy/);
    const workloads = Array.from(
      { length: 23 },
      (_, index) => `  w${index}: { schedule: { rate: 1 day }, members: [{ kind: rds, resource: d${index} }] }`,
    );
    const many = fileOf('many.yaml', ['version: 1\nmail: { failures: [a@b.de] }\nworkloads:', ...workloads].join('\n'));
    expect((await holdfast(['validate', many])).out.replaceAll(/\s+/g, ' ')).toContain(
      '23 workloads (w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16, w17, w18, w19 and 3 more)',
    );
  });

  test('a profile that there is not is exit code 2, and says which there are', async () => {
    const profiles = fileOf('config', '[profile production]\nregion = eu-west-1\n[sso-session work]\nsso_region = x\n');
    const env = { AWS_CONFIG_FILE: profiles, AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
    const { code, err } = await holdfast(['status', '--profile', 'nope'], env);
    expect(code).toBe(2);
    expect(err).toContain('There is no AWS profile "nope" on this machine. There are: production.');
  });

  test.each([[['--help']], [['validate']]])('a reader that has gone is nobody to complain to: %j', async (args) => {
    expect(await holdfast(args, {}, { closeAt: '' })).toMatchObject({ code: 0, err: '' });
  });

  test('validate shows every mistake at once, with its place and what was meant', async () => {
    const file = fileOf(
      'bad.yaml',
      [
        'version: 1',
        'workloads:',
        '  Orders:',
        '    shedule: { cron: "0 3 * * ? *" }',
        '    members:',
        '      - kind: ebs',
        '        instance: { id: i-xyz }',
        '        volumes: { devices: [/dev/nvme1n1] }',
      ].join('\n'),
    );
    const text = await holdfast(['validate', file]);
    expect(text.code).toBe(2);
    expect(text.out).toContain(`${file}:4:5`);
    expect(text.out).toContain('Did you mean schedule?');
    const { json, code } = await holdfast(['validate', file, '--json']);
    expect(code).toBe(2);
    const { mistakes } = Object(json());
    const paths = mistakes.map(({ path }: { path: string[] }) => path.join('.'));
    expect(paths).toEqual(
      expect.arrayContaining([
        'workloads.Orders',
        'workloads.Orders.shedule',
        'workloads.Orders.schedule',
        'workloads.Orders.members.0.instance.id',
        'workloads.Orders.members.0.volumes.devices.0',
      ]),
    );
  });

  test('validate leaves no blank where a mistake has no path, and counts one workload as one', async () => {
    const broken = await holdfast(['validate', fileOf('broken.yaml', 'version: [1')]);
    expect(broken.out).toMatch(/broken\.yaml:1:10 {2}mistake\n {4}This \[ is never closed/);
    const one = await holdfast(['validate', 'examples/database.yaml']);
    expect(one.out).toMatch(/: 1 workload \(/);
  });

  test('validate finds nothing wrong with the example policy', async () => {
    const { code, out } = await holdfast(['validate']);
    expect(code).toBe(0);
    expect(out).toContain('2 workloads (appliance, orders-db)');
  });

  test('a recovery without anybody to ask is refused before AWS is asked anything', async () => {
    const { code, err } = await holdfast(['recover', 'appliance']);
    expect(code).toBe(3);
    expect(err).toContain('Nothing was changed.');
    expect(err).toContain('--yes');
  });

  test('an AWS that does not answer is exit code 5, and says that nothing was changed', async () => {
    const env = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    };
    const ended = await holdfast(['status'], env);
    const { code, err } = ended;
    expect(code).toBe(5);
    expect(tooWide(ended)).toEqual([]);
    expect(err).toContain('Nothing was changed.');
    expect(err).not.toMatch(/\n\s+at /);
  });

  test('no Region is exit code 5, and says what to set', async () => {
    const { code, err } = await holdfast(['status'], {
      AWS_CONFIG_FILE: '/nowhere',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    expect(code).toBe(5);
    expect(err).toContain('--region');
  });
});

describe('against a served region', () => {
  let region: ServedRegion;
  beforeAll(async () => {
    region = await serveRegion(120);
  });
  afterAll(async () => {
    expect(await region.end()).toBe(0);
  });

  test('another stack’s name is exit code 5, and says which account and Region were asked', async () => {
    const { code, err } = await region.holdfast(['status', '--stack', 'Elsewhere']);
    expect(code).toBe(5);
    const words = err.replaceAll('\n', ' ');
    expect(words).toContain(
      'AWS denies looking at the stack Elsewhere in the Region eu-west-1 of the account 111122223333: User: ',
    );
    expect(words).toContain('Is it there? Else give --stack, --region or --profile. If it is: Have the managed policy');
    const everything = await region.holdfast(['status', '--stack', 'Elsewhere'], { as: 'simulated' });
    expect([everything.code, everything.err.replaceAll('\n', ' ')]).toEqual([
      5,
      expect.stringContaining(
        'There is no stack Elsewhere in the Region eu-west-1 of the account 111122223333, or it is not one of Holdfast.',
      ),
    ]);
  });

  test('plan finds the volumes of the policy, root volumes left out', async () => {
    const { code, json } = await region.holdfast(['plan', '--json']);
    expect(code).toBe(0);
    const { workloads } = Object(json());
    const devices = Object.fromEntries(
      workloads.map((each: { workload: string; volumes: { device: string }[] }) => [
        each.workload,
        each.volumes.map(({ device }) => device),
      ]),
    );
    expect(devices).toEqual({ appliance: ['/dev/sdh'], 'orders-db': ['/dev/sdf', '/dev/sdg', '/dev/sdh', '/dev/sdi'] });
  });

  test('plan and status go by the clock of the region, not by this machine’s', async () => {
    const next = async (command: string) => {
      const { json } = await region.holdfast([command, '--json']);
      return Object(json()).workloads.map(({ nextRunAt }: { nextRunAt: string }) => nextRunAt.slice(0, 10));
    };
    expect(await next('plan')).toEqual(await next('status'));
    expect(await next('plan')).toEqual(['2026-01-16', '2026-01-16']);
  });

  test('what takes a while says so on standard error at once, and with --json nothing', async () => {
    expect((await region.holdfast(['plan'])).err).toBe('Looking for what 2 workloads would back up ...\n');
    expect((await region.holdfast(['plan', '--json'])).err).toBe('');
    const { err } = await region.holdfast(['doctor', 'orders-db']);
    expect(err).toMatch(/^Looking at orders-db \.\.\.\n[\s\S]* {2}answered: filesystem hook on i-/);
  });

  test('doctor without a name looks at every workload', async () => {
    const { code, out } = await region.holdfast(['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(/fit {6}appliance, plan\n[\s\S]*fit {6}orders-db, plan\n/);
    expect(out).toContain('Nothing speaks against the next run of any workload.');
    const plans = await region.holdfast(['doctor', '--plans']);
    expect([plans.code, plans.err]).toEqual([2, expect.stringContaining('has no plans of AWS Backup')]);
  });

  test('plan of what is not there is exit code 3, with the refusal', async () => {
    const policy = fileOf(
      'other.yaml',
      [
        'version: 1',
        'mail: { failures: [ops@example.com] }',
        'workloads:',
        '  lost:',
        '    schedule: { cron: "0 3 * * ? *" }',
        '    members: [{ kind: ebs, instance: { id: i-0123456789abcdef0 }, volumes: data }]',
      ].join('\n'),
    );
    const { code, out } = await region.holdfast(['plan', '--policy', policy]);
    expect(code).toBe(3);
    expect(out).toContain('i-0123456789abcdef0 does not exist');
  });

  test('doctor finds the example workload fit, and says what ails another', async () => {
    const fit = await region.holdfast(['doctor', 'orders-db', '--json']);
    expect(fit.code).toBe(0);
    expect(fit.json()).toMatchObject({ workload: 'orders-db', fit: true });
    const policy = fileOf(
      'ailing.yaml',
      [
        'version: 1',
        'mail: { failures: [ops@example.com] }',
        'workloads:',
        '  ailing:',
        '    schedule: { cron: "0 3 * * ? *" }',
        '    members: [{ kind: ebs, instance: { tags: { Name: orders-db } }, volumes: data }]',
        '    quiesce: { hooks: [{ kind: filesystem, mounts: [/nowhere] }] }',
      ].join('\n'),
    );
    const ailing = await region.holdfast(['doctor', 'ailing', '--policy', policy]);
    expect(ailing.code).toBe(3);
    expect(ailing.out).toContain('/nowhere is not mounted');
    expect(ailing.out).toContain('Nothing was held still. Mend it, and ask again.');
  });

  test.each(['plan', 'doctor'])(
    'what is denied to a %s of a policy that is not deployed is told as that',
    async (command) => {
      const { code, err } = await region.holdfast([command, '--policy', 'examples/cache.yaml']);
      expect(code).toBe(5);
      expect(err.replaceAll(/\s+/g, ' ')).toContain(
        'It covers what is deployed, and of this policy that is not all (sessions, jobs): deploy it, or ask as',
      );
    },
  );

  test('a recovery without any point is refused, exit code 3', async () => {
    const { code, err } = await region.holdfast(['recover', 'appliance', '--dry-run']);
    expect(code).toBe(3);
    expect(err).toContain('no sealed recovery point');
    expect(err).toContain('has not been touched');
    expect(err).toContain('npx holdfast points appliance');
  });

  test.each([
    ['plan'],
    ['doctor'],
    ['backup'],
    ['status'],
    ['points'],
    ['points', '--from-tags'],
    ['recover', '--dry-run'],
  ])('a workload that there is not is exit code 2, and those there are are named: %s %s', async (...command) => {
    const { code, err } = await region.holdfast([...command, 'applianec']);
    expect(code).toBe(2);
    expect(err).toContain('"applianec"');
    expect(err).toContain('appliance, orders-db');
  });

  test('backup watches the run until it is sealed', async () => {
    for (const workload of ['appliance', 'orders-db']) {
      const { code, lines } = await region.holdfast(['backup', workload, '--json']);
      expect(code).toBe(0);
      expect(lines()[0]).toMatchObject({ event: 'begun' });
      expect(lines().at(-1)).toMatchObject({ event: 'sealed' });
    }
    const { out } = await region.holdfast(['points', 'orders-db']);
    expect(out).toContain('application-consistent');
  });

  test('points shows the evidence, and the tags alone tell the same points', async () => {
    const ledger = await region.holdfast(['points', 'orders-db', '--evidence']);
    expect(ledger.code).toBe(0);
    expect(ledger.out).toContain('release was sent at');
    const idsOf = (document: unknown): string[] => Object(document).points.map(({ id }: { id: string }) => id);
    const fromLedger = await region.holdfast(['points', 'orders-db', '--json']);
    const fromTags = await region.holdfast(['points', 'orders-db', '--json', '--from-tags']);
    expect(idsOf(fromLedger.json())).toHaveLength(1);
    expect(idsOf(fromTags.json())).toEqual(idsOf(fromLedger.json()));
  });

  test('the dry run lists the calls, and the recovery brings wiped data back', async () => {
    await region.type('wipe appliance', /is wiped/);
    expect(await region.type('look', /orders:/)).toContain('appliance: stopped, reads nothing');
    const dry = await region.holdfast(['recover', 'appliance', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(tooWide(dry)).toEqual([]);
    expect(dry.out).toMatch(/aws ec2 create-volume[\s\S]*aws ec2 stop-instances[\s\S]*aws ec2 attach-volume/);
    const replace = await region.holdfast(['recover', 'appliance', '--replace', '--dry-run']);
    expect([replace.code, replace.err]).toEqual([3, expect.stringContaining('--replace is for members of kind ami')]);
    expect(replace.err).toContain('npx holdfast recover --help');
    expect(await region.type('look', /orders:/)).toContain('appliance: stopped, reads nothing');

    const real = await region.holdfast(['recover', 'appliance', '--yes', '--reason', 'wiped', '--json']);
    expect(real.code).toBe(0);
    const last = real.lines().at(-1);
    expect(last).toMatchObject({ event: 'committed', rtoMinutes: 30 });
    const phases = Object(last).phases.map(({ phase }: { phase: string }) => phase);
    expect(phases).toEqual(['create', 'safeguard', 'stop', 'detach', 'attach', 'start', 'verify', 'commit']);
    expect(await region.type('look', /orders:/)).toMatch(/appliance: running, reads "transaction \d+"/);
    expect(await region.type('mail', /RECOVERED/)).toContain('appliance: RECOVERED');
  });

  test('without a terminal, progress is plain lines, one for each phase', async () => {
    const { code, out } = await region.holdfast(['backup', 'orders-db']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /Plan and reserve[\s\S]*Hold still, begin snapshots, release[\s\S]*Snapshots complete[\s\S]*sealed/,
    );
    expect(out).not.toContain('not needed');
  });

  test('a run that fails is exit code 1, and says how the workload is', async () => {
    await region.type('fail appliance', /next snapshot/);
    const { code, err } = await region.holdfast(['backup', 'appliance']);
    expect(code).toBe(1);
    expect(err).toMatch(/The run appliance-\d+T\d+Z failed/);
    expect(err).toContain('was not held still; earlier points are untouched');
  });

  test('status tells how every workload stands', async () => {
    const { code, json } = await region.holdfast(['status', '--json']);
    expect(code).toBe(0);
    const { workloads } = Object(json());
    expect(workloads).toMatchObject([
      { workload: 'appliance', lastRun: { state: 'failed' }, rpo: { state: 'met' } },
      { workload: 'orders-db', rpo: { state: 'met' }, newestPoint: { consistency: 'application-consistent' } },
    ]);
    for (const args of [['status'], ['plan'], ['doctor'], ['points'], ['points', 'orders-db', '--evidence']]) {
      expect(tooWide(await region.holdfast(args))).toEqual([]);
    }
  });

  test.each([
    ['status', []],
    ['points', ['orders-db', '--from-tags']],
    ['plan', []],
  ])('who may only read may ask for the %s', async (command, args) => {
    expect(await region.holdfast([command, ...args], { as: 'readers' })).toMatchObject({
      code: 0,
      err: expect.not.stringMatching(/denie/),
    });
  });

  test.each([
    ['backup', ['orders-db'], 'lambda:InvokeFunction'],
    ['doctor', ['orders-db'], 'ssm:GetDocument'],
    ['recover', ['orders-db', '--yes'], 'states:StartExecution'],
  ])('who may only read is denied a %s, exit code 5', async (command, args, action) => {
    const ended = await region.holdfast([command, ...args], { as: 'readers' });
    const { code, err } = ended;
    expect(code).toBe(5);
    expect(tooWide(ended)).toEqual([]);
    expect(err).toContain(action);
    expect(err).toContain('Nothing was changed.');
    expect(err.replaceAll(/\s+/g, ' ')).toMatch(
      /managed policy HoldfastOperators .* \(arn:aws:iam::\d+:policy\/Holdfast-Operators-[\w-]+\)/,
    );
  });

  test('Ctrl-C ends watching how workloads stand: exit code 130', async () => {
    const { code, err } = await region.holdfast(['status', '--watch'], { signalAt: 'Ctrl-C ends watching' });
    expect([code, err]).toEqual([130, '']);
  });

  test('a reader that goes away ends watching, without a complaint: exit code 130', async () => {
    const { code, err } = await region.holdfast(['status', '--watch', '--json'], { closeAt: '"at"' });
    expect([code, err]).toEqual([130, '']);
    const evidence = await region.holdfast(['points', '--evidence'], { closeAt: '' });
    expect([evidence.code, evidence.err]).toEqual([0, '']);
  });

  test('a recovery that nobody reads of is begun all the same, and is not said to have failed', async () => {
    const { code, err } = await region.holdfast(['recover', 'appliance', '--yes'], { closeAt: '' });
    expect(code).toBe(130);
    expect(err).toMatch(/^Planning the recovery of appliance[^\n]*\n$/);
    const standing = async () => Object((await region.holdfast(['status', 'appliance', '--json'])).json()).workloads[0];
    await expect.poll(standing, { timeout: 60_000 }).not.toHaveProperty('recovery');
    expect((await region.type('mail', /RECOVERED/)).match(/appliance: RECOVERED/g)).toHaveLength(2);
  });

  test('nothing is coloured where nobody looks', async () => {
    const { out } = await region.holdfast(['status']);
    expect(out).not.toContain('\u001b');
  });
});

describe('with a plan of AWS Backup', () => {
  let region: ServedRegion;
  beforeAll(async () => {
    const plan = { select: { tags: { Name: 'orders-db' }, types: ['ebs'] } };
    const example = readFileSync(new URL('../holdfast.yaml', import.meta.url), 'utf8');
    region = await serveRegion(120, fileOf('plans.yaml', `${example}\nplans: ${JSON.stringify({ nightly: plan })}\n`));
  });
  afterAll(async () => {
    expect(await region.end()).toBe(0);
  });

  test('who may only read plans an image without its instance’s user data', async () => {
    const member = { kind: 'ami', instance: { tags: { Name: 'appliance' } } };
    const workloads = {
      box: {
        schedule: { cron: '0 3 * * ? *', timeZone: 'UTC' },
        retention: { days: 7, minimum: 1 },
        members: [member],
      },
    };
    const file = fileOf(
      'image.yaml',
      JSON.stringify({ version: 1, mail: { failures: ['ops@example.com'] }, workloads }),
    );
    const { code, err, json } = await region.holdfast(['plan', '--policy', file, '--json'], { as: 'readers' });
    expect([code, err]).toEqual([0, '']);
    expect(Object(json()).workloads[0].notes).toEqual([
      expect.stringMatching(/^The user data of i-\w+ may not be read by whoever asks, and was not looked at\.$/),
      // The deployed policy has no member of which alarms are kept.
      expect.stringMatching(/^Which alarms watch what is backed up is not known.*AccessDenied/),
    ]);
  });

  test('who may only read may ask how it stands, and what speaks against it', async () => {
    const standing = await region.holdfast(['status', '--json'], { as: 'readers' });
    expect(standing).toMatchObject({ code: 0, err: '' });
    const { plans } = Object(standing.json());
    expect(plans).toMatchObject([{ plan: 'nightly', rules: [{ nextAt: expect.stringContaining('05:00:00') }] }]);
    const examined = await region.holdfast(['doctor', '--plans', '--json'], { as: 'readers' });
    expect(examined).toMatchObject({ code: 3, err: '' });
    const { examinations } = Object(examined.json());
    expect(examinations).toMatchObject([
      {
        subject: 'plan nightly',
        findings: [{ problem: 'Nothing of its types carries Name=orders-db, so it copies nothing.' }],
        notes: expect.arrayContaining([expect.stringContaining('is not copied: its instance')]),
      },
    ]);
  });
});

describe('in a region as slow as the clock on the wall', () => {
  let region: ServedRegion;
  beforeAll(async () => {
    region = await serveRegion(1);
  });
  afterAll(async () => {
    await region.end();
  });

  test('a second backup while one is under way is refused, exit code 3', async () => {
    const first = await region.holdfast(['backup', 'orders-db', '--no-wait']);
    expect(first.code).toBe(0);
    // A run is named after its second: asked for within the same one, both would be the same run.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const { code, err } = await region.holdfast(['backup', 'orders-db']);
    expect(code).toBe(3);
    expect(err).toMatch(/was refused\. The run orders-db-\w+/);
    expect(err).toContain('has not touched the workload');
  });

  test('Ctrl-C ends watching, not the run', async () => {
    const { code, out } = await region.holdfast(['backup', 'appliance'], { signalAt: 'has begun' });
    expect(code).toBe(130);
    expect(out).toContain('goes on');
    expect(out).not.toMatch(/skipped|not reached|not needed/i);
    const { json } = await region.holdfast(['status', 'appliance', '--json']);
    expect(Object(json()).workloads[0].lastRun.state).toMatch(/^(planning|holding|settling|sealed)$/);
  });
});
