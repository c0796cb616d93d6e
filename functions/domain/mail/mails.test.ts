import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Missing } from '../expectation.ts';
import type { RecoveryTarget } from '../recovery.ts';
import {
  sampleArtifact,
  sampleHold,
  samplePoint,
  sampleRecovery,
  sampleRun,
  sampleWindow,
  sampleWorkload,
} from '../samples-for-tests.ts';
import { automaticRefused } from './automatic-refused.ts';
import { copyStandsIn } from './copy-stands-in.ts';
import { digest } from './digest.ts';
import { exportFailed } from './export-failed.ts';
import type { Mail } from './layout.ts';
import { pointBroken, pointWhole } from './point-broken.ts';
import { pointContradicts } from './point-contradicts.ts';
import { recoveryCommitted, recoveryRefused, recoveryRolledBack, recoveryStranded } from './recovery-mails.ts';
import { retireBlocked } from './retire-blocked.ts';
import { releaseUnconfirmed, runBack, runFailed, runRefused } from './run-mails.ts';
import { missedRun } from './watch-mails.ts';

fc.configureGlobal({ seed: 20261121 });

const point = samplePoint('2026-11-20T03:00:00.000Z');
const nowMs = Date.parse('2026-11-21T03:05:00.000Z');
const about = { workload: sampleWorkload(), newestPoint: point, nowMs };
const failure = { name: 'ProviderFault', message: 'Client.UnauthorizedOperation', phase: 'begin-tiers' };
const failed = sampleRun({ state: 'failed', failure });
const { releasedAt: _, ...open } = sampleWindow({
  holds: [sampleHold({ state: 'held', problem: 'agent is offline' })],
});
const held = sampleRun({ state: 'holding', window: open, failure });
const missed: Missing = { kind: 'missed', dueAt: '2026-11-21T03:00:00.000Z' };
const late: Missing = { kind: 'late', run: held, reason: 'window', sinceAt: '2026-11-21T03:01:32.000Z' };
const cache = { kind: 'memorydb', resource: 'orders', tier: 1 } as const;
const leftovers = ['vol-1 is attached to i-1 as /dev/sdh', 'aws ec2 start-instances --instance-ids i-1'];

/** Every mail, with one text from outside in all the places where such text can be. */
const all = (text: string): Readonly<Record<string, Mail>> => {
  const recovery = sampleRecovery({
    failure: { name: text, message: text, phase: text },
    request: { workload: 'orders-db', requestedBy: text, reason: text },
    leftovers: [text],
    plan: { ...sampleRecovery().plan, warnings: [text] },
  });
  const run = sampleRun({
    failure: { name: text, message: text, phase: text },
    artifacts: [sampleArtifact(point.takenAt, { problem: text })],
    window: sampleWindow({ holds: [sampleHold({ state: 'held', problem: text })] }),
    verdict: { consistency: 'crash-consistent', evidence: [text] },
  });
  return {
    runFailed: runFailed({ ...about, run }),
    runRefused: runRefused({ ...about, scheduledAt: text, reason: text, cause: 'busy' }),
    releaseUnconfirmed: releaseUnconfirmed({ ...about, run }),
    runBack: runBack({ ...about, run, failedBefore: 2, sinceAt: point.takenAt }),
    missedRun: missedRun({ ...about, missing: missed }),
    lateRun: missedRun({ ...about, missing: late }),
    recoveryCommitted: recoveryCommitted({ ...about, recovery, point }),
    recoveryRolledBack: recoveryRolledBack({ ...about, recovery }),
    recoveryStranded: recoveryStranded({ ...about, recovery }),
    recoveryRefused: recoveryRefused({ ...about, request: recovery.request, refusals: [text] }),
    digest: digest({ day: '2026-11-21', entries: [{ ...about, sealed: [run] }] }),
    pointBroken: pointBroken({
      ...{ ...about, point: { ...point, broken: { problem: text, at: text } } },
      missing: [sampleArtifact(text, { id: text }), sampleArtifact(text, { id: text, kind: 'efs' })],
    }),
    pointWhole: pointWhole({ ...about, point }),
    copyStandsIn: copyStandsIn({ ...about, point, copy: text, problem: text }),
    pointContradicts: pointContradicts({ ...about, point: { ...point, contradictions: [text] } }),
    retireBlocked: retireBlocked({ ...about, point, problem: text }),
    exportFailed: exportFailed({
      ...{ ...about, point, artifact: sampleArtifact(point.takenAt) },
      wanted: { kind: 'ebs', id: text, bucket: 'cache-files', state: 'wanted' },
      ...{ problem: text, line: text },
    }),
    automaticRefused: automaticRefused({ ...about, member: cache, wanted: { retentionDays: 7 }, problem: text }),
  };
};
const firstLine = ({ body }: Mail) => body.split('\n')[0];

describe('every mail', () => {
  it('begins with the state of the application', () => {
    const { digest: daily, ...others } = all('x');
    for (const mail of Object.values(others)) expect(firstLine(mail)).toMatch(/^APPLICATION: /);
    expect(daily && firstLine(daily)).toMatch(/^APPLICATIONS: /);
  });

  it('says how old the newest good point is, and what to type next', () => {
    for (const { body } of Object.values(all('x'))) {
      expect(body).toContain(
        `Newest good point: ${point.id}\n    taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h`,
      );
      expect(body).toMatch(/\n {4}npx holdfast (status|backup|recover|points)/);
    }
  });

  it('has a subject that SNS takes, and no line that text from outside could have written', () => {
    const known = Object.values(all('')).map(({ body }) => body.split('\n').length);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.nat(600).map((count) => `${'x'.repeat(count)}${'😀'.repeat(300)}`),
          fc.constant('\nnpx holdfast recover\r\u2028\u202e\u0007'.repeat(90)),
        ),
        (text) => {
          for (const [index, { subject, body }] of Object.values(all(text)).entries()) {
            expect(subject).toMatch(/^\[Holdfast\] [ -~]{1,89}$/);
            expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
            expect(body.isWellFormed()).toBe(true);
            expect(body.split('\n')).toHaveLength(known[index] ?? 0);
            expect(Math.max(...body.split('\n').map((line) => line.length))).toBeLessThanOrEqual(1200);
          }
        },
      ),
    );
  });

  it('keeps a long text within bounds', () => {
    const many = recoveryStranded({
      ...about,
      recovery: sampleRecovery({ leftovers: Array(500).fill('x'.repeat(500)) }),
    });
    expect(many.body.length).toBeLessThanOrEqual(60_001);
    const name = 'a-workload-with-the-longest-name';
    const longest = releaseUnconfirmed({ ...about, workload: sampleWorkload({ name }), run: held });
    expect(longest.subject.length).toBeLessThanOrEqual(100);
  });
});

describe('a failed run', () => {
  it('tells a released application from one that may be held', () => {
    expect(runFailed({ ...about, run: failed })).toMatchObject({
      subject: '[Holdfast] orders-db: backup FAILED; application released',
      body: expect.stringMatching(/^APPLICATION: released, confirmed by every guest at 2026-11-21 03:00 UTC\./),
    });
    const unconfirmed = runFailed({ ...about, run: held });
    expect(unconfirmed.subject).toBe('[Holdfast] orders-db: backup FAILED; application RELEASE NOT CONFIRMED');
    expect(unconfirmed.body).toContain('2026-11-21 03:01 UTC at the latest (3 min ago)');
    const unheld = runFailed({ ...about, run: sampleRun({ window: sampleWindow({ holds: [] }), failure }) });
    expect(firstLine(unheld)).toBe('APPLICATION: not touched. This run has not held it still.');
  });

  it('does not call an instance running that was found stopped', () => {
    const window = sampleWindow({ holds: [sampleHold({ releasedBy: 'stopped' })] });
    expect(runFailed({ ...about, run: sampleRun({ window, failure }) }).body).toContain(
      'Not running at all, found so by the release: i-0a1b',
    );
  });

  it('quotes the error and every artifact that failed', () => {
    const artifacts = [sampleArtifact(point.takenAt, { state: 'error', problem: 'Given key ID is not accessible' })];
    const { body } = runFailed({ ...about, run: sampleRun({ failure, artifacts }) });
    expect(body).toContain('It failed while at: begin-tiers (ProviderFault)');
    expect(body).toContain('    > Client.UnauthorizedOperation\n');
    expect(body).toContain(
      'snap-0a1b2c3d4e5f60718, the copy of vol-0a1b2c3d4e5f60718:\n    > Given key ID is not accessible',
    );
  });

  it('says when there is no point, or it is past the RPO', () => {
    expect(runFailed({ ...about, newestPoint: undefined, run: failed }).body).toContain('Newest good point: NONE');
    expect(runFailed({ ...about, nowMs: nowMs + 3_600_000 * 3, run: failed }).body).toContain(
      'PAST the RPO of 26 h by 1 h 5 min',
    );
  });
});

describe('an unconfirmed release', () => {
  it('names the hook, the instance and what was learnt', () => {
    const { body } = releaseUnconfirmed({ ...about, run: held });
    expect(body).toContain('command hook on i-0a1b2c3d4e5f60718, deadline 60 s\n    > agent is offline');
  });
});

describe('what is missing', () => {
  it('is told apart: never begun, or late', () => {
    expect(missedRun({ ...about, missing: missed }).subject).toBe(
      '[Holdfast] orders-db: backup MISSED, it never began',
    );
    expect(missedRun({ ...about, missing: late }).subject).toContain(
      'LATE, still holding; application RELEASE NOT CONFIRMED',
    );
  });
});

const targetOf = (resource: string, changes: Partial<RecoveryTarget> = {}): RecoveryTarget => ({
  ...{ kind: 'ebs', resource, detail: {} },
  ...changes,
});

describe('a recovery', () => {
  it('that committed says whether it was verified, from when the data is, and how long it took', () => {
    const plan = { ...sampleRecovery().plan, verify: '/opt/verify', targets: [targetOf('i-1', { verifiedOn: 'i-1' })] };
    const recovery = sampleRecovery({ plan });
    const { subject, body } = recoveryCommitted({ ...about, recovery, point });
    expect(subject).toBe('[Holdfast] orders-db: RECOVERED to 2026-11-20 03:00 UTC');
    expect(body).toContain('its verify script says that it works');
    expect(body).toContain('It took 9 min, within the RTO of 45 min.');
    expect(recoveryCommitted({ ...about, recovery: sampleRecovery(), point }).body).toContain('look whether it works');
  });

  it('that committed goes by what was run, not by what is set', () => {
    const committed = (...targets: readonly RecoveryTarget[]) => {
      const plan = { ...sampleRecovery().plan, verify: '/opt/verify', targets };
      return recoveryCommitted({ ...about, recovery: sampleRecovery({ plan }), point }).body;
    };
    expect(committed(targetOf('orders', { kind: 'memorydb' }))).toContain('NOT RUN');
    expect(committed(targetOf('i-1'))).toContain('/opt/verify');
    expect(committed(targetOf('i-1'))).not.toContain('says that it works');
    const some = committed(targetOf('i-1', { verifiedOn: 'i-1' }), targetOf('i-2'));
    expect(some).toContain('its verify script says that it works');
    expect(some).toContain('It was not run for i-2');
  });

  it('that is stranded gives the commands to finish, ready to copy', () => {
    const { body } = recoveryStranded({
      ...about,
      recovery: sampleRecovery({ state: 'stranded', leftovers, failure }),
    });
    expect(body).toContain('\n    aws ec2 start-instances --instance-ids i-1\n');
  });
});

describe('a digest', () => {
  it('names the workloads that are past their RPO before the rest', () => {
    const bad = { ...about, workload: sampleWorkload({ name: 'appliance' }), newestPoint: undefined, sealed: [] };
    const { subject, body } = digest({ day: '2026-11-21', entries: [{ ...about, sealed: [sampleRun()] }, bad] });
    expect(subject).toBe('[Holdfast] 2026-11-21: 1 new point, 1 of 2 PAST their RPO');
    expect(body.split('\n')[2]).toBe('appliance has no point at all.');
  });

  it('names, after its newest point, what of a workload nothing retires any more', () => {
    const leftOvers = [{ kind: 'rds', points: ['orders-db-20261101T030000Z'] }];
    const { body } = digest({ day: '2026-11-21', entries: [{ ...about, sealed: [], leftOvers }] });
    expect(body).toContain(
      'within the RPO of 26 h; application-consistent\n    1 point has parts of kind rds, of which',
    );
  });
});
