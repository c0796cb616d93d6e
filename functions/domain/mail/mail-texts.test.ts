import { describe, expect, it } from 'vitest';
import type { Point } from '../point.ts';
import {
  sampleArtifact,
  sampleHold,
  sampleHook,
  samplePoint,
  sampleRecovery,
  sampleRun,
  sampleWindow,
  sampleWorkload,
} from '../samples-for-tests.ts';
import { automaticRefused } from './automatic-refused.ts';
import { digest } from './digest.ts';
import { exportFailed } from './export-failed.ts';
import type { Mail } from './layout.ts';
import {
  recoveryCommitted,
  recoveryRefused,
  recoveryRolledBack,
  recoveryStranded,
  recoveryStuck,
} from './recovery-mails.ts';
import { retireBlocked } from './retire-blocked.ts';
import { releaseUnconfirmed, runBack, runFailed, runRefused } from './run-mails.ts';
import { mailUnheard } from './unheard.ts';
import { missedRun } from './watch-mails.ts';

// Every mail in full: people read these at three in the morning, so each word is behaviour.

const point = samplePoint('2026-11-20T03:00:00.000Z');
const nowMs = Date.parse('2026-11-21T03:05:00.000Z');
const about = { workload: sampleWorkload(), newestPoint: point, nowMs };
const nothing = { ...about, newestPoint: undefined };
const failure = { name: 'ProviderFault', message: 'Client.UnauthorizedOperation', phase: 'begin-tiers' };
const { releasedAt: _, ...unconfirmed } = sampleWindow({
  holds: [
    sampleHold({ state: 'held', problem: 'agent is offline' }),
    sampleHold({ hook: sampleHook({ instanceId: 'i-free' }) }),
    sampleHold({ state: 'intended', hook: sampleHook({ kind: 'filesystem', instanceId: 'i-2', deadlineSeconds: 30 }) }),
  ],
});
const held = sampleRun({ state: 'holding', window: unconfirmed });
const { window: _window, ...unheld } = sampleRun({ state: 'settling' });

const letter = ({ subject, body }: Mail) => `${subject}\n\n${body}`;

describe('a failed run', () => {
  it('with an error and artifacts that failed', () => {
    const artifacts = [
      sampleArtifact(point.takenAt, { state: 'error', problem: 'Given key ID is not accessible' }),
      sampleArtifact(point.takenAt, { id: 'snap-well' }),
    ];
    expect(letter(runFailed({ ...about, run: sampleRun({ failure, artifacts }) }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backup FAILED; application released

      APPLICATION: released, confirmed by every guest at 2026-11-21 03:00 UTC. Nothing of Holdfast holds it still.

      What failed: the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db.

      It failed while at: begin-tiers (ProviderFault). In the words of the error:
          > Client.UnauthorizedOperation

      snap-0a1b2c3d4e5f60718, the copy of vol-0a1b2c3d4e5f60718:
          > Given key ID is not accessible

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      Once the cause is gone, take the backup that is missing:
          npx holdfast backup orders-db
      See all of it:
          npx holdfast status orders-db
      "
    `);
  });

  it('that held nothing, has no record of why, and no point before it', () => {
    expect(letter(runFailed({ ...nothing, run: { ...unheld, state: 'failed' } }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backup FAILED; application never held

      APPLICATION: not touched. This run has not held it still.

      What failed: the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db.

      The record does not say why.

      Newest good point: NONE. There is nothing to recover from.

      Once the cause is gone, take the backup that is missing:
          npx holdfast backup orders-db
      See all of it:
          npx holdfast status orders-db
      "
    `);
  });

  it('whose guests were found free one by one, two of them stopped', () => {
    const { releasedAt: _at, ...window } = sampleWindow({
      holds: [
        sampleHold({ freeAt: '2026-11-21T03:04:00.000Z', releasedBy: 'stopped' }),
        sampleHold({ hook: sampleHook({ instanceId: 'i-2' }), releasedBy: 'stopped' }),
        sampleHold({ hook: sampleHook({ instanceId: 'i-3' }), freeAt: '2026-11-21T03:02:00.000Z' }),
      ],
    });
    expect(runFailed({ ...about, run: sampleRun({ window, failure }) }).body.split('\n\n')[0]).toMatchInlineSnapshot(`
      "APPLICATION: released, confirmed by every guest at 2026-11-21 03:04 UTC. Nothing of Holdfast holds it still.
      Not running at all, found so by the release: i-0a1b2c3d4e5f60718, i-2."
    `);
  });

  it('whose guests were found free at no recorded time', () => {
    const { freeAt: _free, ...hold } = sampleHold();
    const { releasedAt: _at, ...window } = sampleWindow({ holds: [hold] });
    expect(runFailed({ ...about, run: sampleRun({ window, failure }) }).body.split('\n\n')[0]).toMatchInlineSnapshot(
      `"APPLICATION: released, confirmed by every guest. Nothing of Holdfast holds it still."`,
    );
  });
});

describe('a refused run', () => {
  it('because another is under way', () => {
    const reason = 'A recovery is under way.';
    const refused = { ...about, scheduledAt: '2026-11-21T03:00:00.000Z', reason, cause: 'busy' } as const;
    expect(letter(runRefused(refused))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backup REFUSED; application not touched

      APPLICATION: not touched. The refused backup has done nothing to it.

      What was refused: the backup of 2026-11-21 03:00 UTC of workload orders-db. Why:
          > A recovery is under way.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      Once the cause is gone, take the backup that is missing:
          npx holdfast backup orders-db
      See all of it:
          npx holdfast status orders-db
      "
    `);
  });

  it('because its time had passed', () => {
    const refused = {
      ...about,
      scheduledAt: '2026-11-21T03:00:00.000Z',
      reason: 'It came late.',
      cause: 'late',
    } as const;
    expect(runRefused(refused).body.split('\n\n')[3]).toMatchInlineSnapshot(`
      "Nothing more comes of it before the next scheduled time. To take it now, which holds the application still:
          npx holdfast backup orders-db
      See all of it:
          npx holdfast status orders-db
      "
    `);
  });
});

describe('an unconfirmed release', () => {
  it('past the timer of the guest', () => {
    expect(letter(releaseUnconfirmed({ ...about, run: held }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: RELEASE NOT CONFIRMED, the application may be held still

      APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.
      The timer inside the guest releases it at 2026-11-21 03:01 UTC at the latest (3 min ago).

      Not confirmed in the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db:
      command hook on i-0a1b2c3d4e5f60718, deadline 60 s
          > agent is offline
      filesystem hook on i-2, deadline 30 s

      Holdfast goes on asking. Look whether the application answers. If it does not, and the timer is past, log in on
      i-0a1b2c3d4e5f60718 and i-2 and run the release script of the hook, fsfreeze --unfreeze its mounts, or end its database session.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      See whether it has been confirmed since:
          npx holdfast status orders-db
      "
    `);
  });

  it('before the timer of the guest', () => {
    const early = { ...about, nowMs: Date.parse('2026-11-21T03:00:34.000Z') };
    expect(releaseUnconfirmed({ ...early, run: held }).body.split('\n\n')[0]).toMatchInlineSnapshot(`
      "APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.
      The timer inside the guest releases it at 2026-11-21 03:01 UTC at the latest (in 58 s)."
    `);
    const due = { ...about, nowMs: Date.parse('2026-11-21T03:01:32.000Z') };
    expect(releaseUnconfirmed({ ...due, run: held }).body).toContain('at the latest (0 s ago).');
  });

  it('without a record of what was held', () => {
    expect(
      releaseUnconfirmed({ ...about, run: unheld })
        .body.split('\n\n')
        .slice(0, 3),
    ).toMatchInlineSnapshot(`
      [
        "APPLICATION: not touched. This run has not held it still.",
        "Not confirmed in the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db:",
        "Holdfast goes on asking. Look whether the application answers. If it does not, and the timer is past, log in on
      the instance and run the release script of the hook, fsfreeze --unfreeze its mounts, or end its database session.",
      ]
    `);
  });

  it('of an ECS service, which nothing else puts back', () => {
    const parameters = { cluster: 'shop', service: 'orders', desiredCount: '3' };
    const hook = { kind: 'ecs-service', instanceId: 'shop/orders', deadlineSeconds: 600, parameters };
    const { releasedAt: _, ...window } = sampleWindow({ holds: [sampleHold({ hook, state: 'held' })] });
    const [first, , way] = releaseUnconfirmed({ ...about, run: { ...held, window } }).body.split('\n\n');
    expect([first, way].join('\n')).toMatchInlineSnapshot(`
      "APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.
      It should be released by 2026-11-21 03:01 UTC at the latest (3 min ago); nothing in ECS does that by itself.
      Holdfast goes on asking. Nothing in ECS starts the tasks again by itself. By hand, with the count that the plan found:
          aws ecs update-service --cluster shop --service orders --desired-count 3"
    `);
  });
});

describe('an application that a function of its owner suspends', () => {
  const hook = { kind: 'lambda', instanceId: 'suspend-orders', deadlineSeconds: 600, parameters: {} };
  const { releasedAt: _, ...open } = sampleWindow();

  it('has no guest that would let go: its release that is not confirmed hangs on the function’s own timer', () => {
    const window = { ...open, holds: [sampleHold({ hook, state: 'held' })] };
    const { body } = releaseUnconfirmed({ ...about, run: { ...held, window } });
    expect(body.split('\n\n').slice(0, 3).join('\n')).toMatchInlineSnapshot(`
      "APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.
      No timer of Holdfast ends it: the one that suspend-orders set for itself should resume it by 2026-11-21 03:01 UTC at the latest (3 min ago).
      Not confirmed in the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db:
      lambda hook on suspend-orders, deadline 600 s
      Holdfast goes on asking. Look whether the application answers. If it does not, and the timer is past,
      resume it by hand: ask suspend-orders as Holdfast does. Its log says why it has not.
          aws lambda invoke --function-name suspend-orders --cli-binary-format raw-in-base64-out --payload '{"action":"release","run":"orders-db-20261121T030000Z","deadlineSeconds":600}' /dev/stdout"
    `);
    expect(body).not.toContain('guest');
  });

  it('beside guests is told of with them', () => {
    const holds = [sampleHold({ hook, state: 'held' }), sampleHold({ state: 'held' })];
    const { body } = releaseUnconfirmed({ ...about, run: { ...held, window: { ...open, holds } } });
    const [first, , way] = body.split('\n\n');
    expect([first, way].join('\n')).toMatchInlineSnapshot(`
      "APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.
      The timer inside the guest releases it at 2026-11-21 03:01 UTC at the latest (3 min ago).
      No timer of Holdfast ends it: the one that suspend-orders set for itself should resume it by 2026-11-21 03:01 UTC at the latest (3 min ago).
      Holdfast goes on asking. Look whether the application answers. If it does not, and the timer is past,
      resume it by hand: ask suspend-orders as Holdfast does. Its log says why it has not.
          aws lambda invoke --function-name suspend-orders --cli-binary-format raw-in-base64-out --payload '{"action":"release","run":"orders-db-20261121T030000Z","deadlineSeconds":600}' /dev/stdout
      Look whether the application answers. If it does not, and the timer is past, log in on
      i-0a1b2c3d4e5f60718 and run the release script of the hook, fsfreeze --unfreeze its mounts, or end its database session."
    `);
  });

  it('is confirmed free by the function', () => {
    const window = sampleWindow({ holds: [sampleHold({ hook })] });
    expect(runFailed({ ...about, run: sampleRun({ window, failure }) }).body.split('\n\n')[0]).toMatchInlineSnapshot(
      `"APPLICATION: released, confirmed by the function suspend-orders at 2026-11-21 03:00 UTC. Nothing of Holdfast holds it still."`,
    );
  });
});

describe('backups that are back', () => {
  const back = { ...about, failedBefore: 1, sinceAt: '2026-11-19T03:00:00.000Z' };

  it('after one failed night, with a verdict', () => {
    const run = sampleRun({ verdict: { consistency: 'crash-consistent', evidence: ['No hook.', 'No window.'] } });
    expect(letter(runBack({ ...back, run }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backups are back

      APPLICATION: released, confirmed by every guest at 2026-11-21 03:00 UTC. Nothing of Holdfast holds it still.

      What worked: the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db, after one that did not, since 2026-11-19 03:00 UTC.
      For 2 d there was no new point. Nothing needs to be done.

      Verdict: crash-consistent.
          > No hook.
          > No window.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

          npx holdfast points orders-db
      "
    `);
  });

  it('after several, without a verdict', () => {
    expect(letter(runBack({ ...back, run: sampleRun(), failedBefore: 3 }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backups are back

      APPLICATION: released, confirmed by every guest at 2026-11-21 03:00 UTC. Nothing of Holdfast holds it still.

      What worked: the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db, after 3 that did not, since 2026-11-19 03:00 UTC.
      For 2 d there was no new point. Nothing needs to be done.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

          npx holdfast points orders-db
      "
    `);
  });
});

describe('what is missing', () => {
  it('a run that never began', () => {
    const missing = { kind: 'missed', dueAt: '2026-11-21T03:00:00.000Z' } as const;
    expect(letter(missedRun({ ...about, missing }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backup MISSED, it never began

      APPLICATION: not touched. No backup of it has begun.

      What is missing: the backup of workload orders-db that was due at 2026-11-21 03:00 UTC
      by cron(0 3 * * ? *) in UTC. There is no trace that it was begun.
      The usual causes: the schedule is disabled or deleted, or its role may not start the function (see its dead-letter queue).

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      Take it now, and see the rest:
          npx holdfast backup orders-db
          npx holdfast status orders-db
      "
    `);
  });

  it('a window that should have ended', () => {
    const missing = { kind: 'late', run: held, reason: 'window', sinceAt: '2026-11-21T03:01:32.000Z' } as const;
    expect(letter(missedRun({ ...about, missing }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backup LATE, still holding; application RELEASE NOT CONFIRMED

      APPLICATION: IT MAY STILL BE HELD STILL. Its release is not confirmed.
      The timer inside the guest releases it at 2026-11-21 03:01 UTC at the latest (3 min ago).

      What is late: the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db.
      It is still holding; by 2026-11-21 03:01 UTC its window should have ended.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      See what it waits for:
          npx holdfast status orders-db
      "
    `);
  });

  it('a point that should have been sealed', () => {
    const missing = { kind: 'late', run: unheld, reason: 'rpo', sinceAt: '2026-11-21T03:01:32.000Z' } as const;
    expect(letter(missedRun({ ...about, missing }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: backup LATE, still settling; application never held

      APPLICATION: not touched. This run has not held it still.

      What is late: the backup of 2026-11-21 03:00 UTC (orders-db-20261121T030000Z) of workload orders-db.
      It is still settling; by 2026-11-21 03:01 UTC its point should have been sealed.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      See what it waits for:
          npx holdfast status orders-db
      "
    `);
  });
});

describe('a recovery', () => {
  it('that committed, verified, with warnings', () => {
    const targets = [{ kind: 'ebs', resource: 'i-1', verifiedOn: 'i-1', detail: {} }];
    const plan = { ...sampleRecovery().plan, targets, verify: '/opt/verify', warnings: ['One volume grew.'] };
    expect(letter(recoveryCommitted({ ...about, recovery: sampleRecovery({ plan }), point }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: RECOVERED to 2026-11-20 03:00 UTC

      APPLICATION: running on the recovered volumes; its verify script says that it works.

      What was done: recovery recover-orders-db-20261121T120000Z of workload orders-db from point orders-db-20261120T030000Z.
      Its data is of 2026-11-20 03:00 UTC, application-consistent. What was written later is not in it.
      It took 9 min, within the RTO of 45 min.
      The replaced volumes are kept for 7 days, tagged holdfast:recovery = recover-orders-db-20261121T120000Z.

      Warnings of the plan:
          > One volume grew.

      Asked for by:
          > Ann
      Because:
          > a bad deployment

      Phases:
          create       40 s
          stop         not ended

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      Take a fresh point of what runs now:
          npx holdfast backup orders-db
          npx holdfast status orders-db
      "
    `);
  });

  it('that committed without a verify script, later than the RTO, asked for by nobody in particular', () => {
    const { endedAt: _end, ...recovery } = sampleRecovery({ request: { workload: 'orders-db' } });
    const late = { ...about, nowMs: Date.parse('2026-11-21T12:50:00.000Z') };
    expect(letter(recoveryCommitted({ ...late, recovery, point }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: RECOVERED to 2026-11-20 03:00 UTC

      APPLICATION: started on the recovered volumes. No verify script is set, so look whether it works.

      What was done: recovery recover-orders-db-20261121T120000Z of workload orders-db from point orders-db-20261120T030000Z.
      Its data is of 2026-11-20 03:00 UTC, application-consistent. What was written later is not in it.
      It took 50 min, PAST the RTO of 45 min.
      The replaced volumes are kept for 7 days, tagged holdfast:recovery = recover-orders-db-20261121T120000Z.

      Phases:
          create       40 s
          stop         not ended

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 33 h 50 min ago, PAST the RPO of 26 h by 7 h 50 min; application-consistent

      Take a fresh point of what runs now:
          npx holdfast backup orders-db
          npx holdfast status orders-db
      "
    `);
  });

  it('that took exactly the RTO is within it', () => {
    const recovery = sampleRecovery({ endedAt: '2026-11-21T12:45:00.000Z' });
    expect(recoveryCommitted({ ...about, recovery, point }).body).toContain(
      'It took 45 min, within the RTO of 45 min.',
    );
  });

  it('that nothing could undo, and whose execution is gone', () => {
    const commands = { again: 'aws again', why: 'aws why' };
    const stuck = { ...about, attempts: 5, commands };
    const plan = { ...sampleRecovery().plan, calls: ['aws ec2 stop-instances --instance-ids i-1'] };
    expect(letter(recoveryStuck({ ...stuck, recovery: sampleRecovery({ plan, failure }) }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: recovery STRANDED, the application may be DOWN, act now

      APPLICATION: perhaps DOWN: the recovery has stopped it, or was about to, and nothing has brought it back.
      The execution of the recovery is gone, and 5 attempts to roll it back have failed. A person must look.

      Holdfast deleted no volume: the data from before the recovery still exists.
      Holdfast tries again every 15 minutes, and until that has an end it begins no backup and no other recovery of orders-db.

      Why it failed is at the end of:
          aws why
      Once the cause is gone, have it rolled back at once:
          aws again

      Or by hand. What the recovery was to do, in order; how far it came is below, and what is where only AWS can tell. What it made or replaced is tagged
          holdfast:recovery = recover-orders-db-20261121T120000Z
          aws ec2 stop-instances --instance-ids i-1

      What failed: recovery recover-orders-db-20261121T120000Z of workload orders-db from point orders-db-20261121T030000Z.

      It failed while at: begin-tiers (ProviderFault). In the words of the error:
          > Client.UnauthorizedOperation

      Asked for by:
          > Ann
      Because:
          > a bad deployment

      Phases:
          create       40 s
          stop         not ended

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      See the record:
          npx holdfast status orders-db
      "
    `);
    const untouched = [{ phase: 'create', startedAt: '2026-11-21T12:00:00.000Z' }];
    expect(
      letter(recoveryStuck({ ...stuck, recovery: sampleRecovery({ phases: untouched }) }))
        .split('\n\n')
        .slice(0, 2),
    ).toMatchInlineSnapshot(`
      [
        "[Holdfast] orders-db: recovery STRANDED, the application was not touched yet, act now",
        "APPLICATION: not touched. The recovery has not stopped anything yet.
      The execution of the recovery is gone, and 5 attempts to roll it back have failed. A person must look.",
      ]
    `);
  });

  it('that was rolled back', () => {
    expect(letter(recoveryRolledBack({ ...about, recovery: sampleRecovery({ failure }) }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: recovery FAILED and was rolled back

      APPLICATION: as it was before the recovery, on the volumes that it had.

      What failed: recovery recover-orders-db-20261121T120000Z of workload orders-db from point orders-db-20261121T030000Z.

      It failed while at: begin-tiers (ProviderFault). In the words of the error:
          > Client.UnauthorizedOperation

      Asked for by:
          > Ann
      Because:
          > a bad deployment

      Phases:
          create       40 s
          stop         not ended

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      Once the cause is gone, see the plan, then do it:
          npx holdfast recover orders-db --point orders-db-20261121T030000Z --dry-run
          npx holdfast recover orders-db --point orders-db-20261121T030000Z
      "
    `);
    expect(recoveryRolledBack({ ...about, recovery: sampleRecovery() }).body.split('\n\n')[2]).toMatchInlineSnapshot(
      `"The record does not say why."`,
    );
    const { plan } = sampleRecovery();
    const leaves = 'The efs fs-2, which the recovery has made, is left as it is.';
    const targets = [{ kind: 'efs', resource: 'fs-1', detail: {}, leaves }];
    expect(recoveryRolledBack({ ...about, recovery: sampleRecovery({ plan: { ...plan, targets } }) }).body).toContain(
      leaves,
    );
  });

  it('that is stranded, with what is where', () => {
    const leftovers = ['vol-1 is attached to i-1 as /dev/sdh', 'aws ec2 start-instances --instance-ids i-1'];
    const recovery = sampleRecovery({ failure, leftovers, application: 'down' });
    expect(letter(recoveryStranded({ ...about, recovery }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: recovery STRANDED, the application is DOWN, act now

      APPLICATION: DOWN: its instance is not running.
      Neither the recovery nor its roll back could finish. A person must.

      Holdfast deleted no volume: the data from before the recovery still exists.

      What is where, and the commands to finish by hand:
          vol-1 is attached to i-1 as /dev/sdh
          aws ec2 start-instances --instance-ids i-1

      What failed: recovery recover-orders-db-20261121T120000Z of workload orders-db from point orders-db-20261121T030000Z.

      It failed while at: begin-tiers (ProviderFault). In the words of the error:
          > Client.UnauthorizedOperation

      Asked for by:
          > Ann
      Because:
          > a bad deployment

      Phases:
          create       40 s
          stop         not ended

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      See the record:
          npx holdfast status orders-db
      "
    `);
  });

  it.each([
    ['gone', 'its instance is GONE', 'DOWN: its instance is terminated, and cannot be brought back.'],
    [
      'runs-on-restored',
      'running on the RESTORED volumes',
      'its instance is running on the restored volumes, and nothing has confirmed that it works.',
    ],
    [
      'runs-on-originals',
      'running on the ORIGINAL volumes',
      'its instance is running on the volumes that it had, and not everything else is as it was.',
    ],
    [
      'runs-on-mixed',
      'running on the WRONG volumes',
      'its instance is running, and not on the volumes that belong together.',
    ],
    ['unknown', 'the application may be DOWN', 'perhaps DOWN: EC2 could not be asked whether its instance is running.'],
  ] as const)('that is stranded and %s says so first', (application, subject, sentence) => {
    const mail = recoveryStranded({ ...about, recovery: sampleRecovery({ failure, application }) });
    expect(mail.subject).toBe(`[Holdfast] orders-db: recovery STRANDED, ${subject}, act now`);
    expect(mail.body.split('\n')[0]).toBe(`APPLICATION: ${sentence}`);
  });

  it.each([
    ['down', 'the application is DOWN', 'DOWN: not all that it works with is available.'],
    ['gone', 'what it works with is GONE', 'DOWN: what it works with is deleted, and cannot be had back.'],
    [
      'runs-on-mixed',
      'led to resources that do NOT belong together',
      'it is led to some restored resources and to some that it had, which do not belong together.',
    ],
    ['unknown', 'the application may be DOWN', 'perhaps DOWN: AWS could not be asked how what it works with is.'],
  ] as const)(
    'of databases that is stranded and %s speaks of no instance and no volume',
    (application, subject, sentence) => {
      const recovery = sampleRecovery({ failure, application });
      const targets = [{ kind: 'rds', resource: 'orders', detail: {} }];
      const mail = recoveryStranded({ ...about, recovery: { ...recovery, plan: { ...recovery.plan, targets } } });
      expect(mail.subject).toBe(`[Holdfast] orders-db: recovery STRANDED, ${subject}, act now`);
      expect(mail.body.split('\n')[0]).toBe(`APPLICATION: ${sentence}`);
      expect(mail.body).not.toMatch(/instance|volume/);
    },
  );

  it('that is stranded with its instance gone does not claim that all volumes are still there', () => {
    const { body } = recoveryStranded({ ...about, recovery: sampleRecovery({ application: 'gone' }) });
    expect(body).toContain(
      'Holdfast deleted no volume. What was to go with the instance went with it (DeleteOnTermination); the rest still exists.',
    );
  });

  it('that is stranded, with no record of it', () => {
    expect(letter(recoveryStranded({ ...nothing, recovery: sampleRecovery() }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: recovery STRANDED, the application may be DOWN, act now

      APPLICATION: perhaps DOWN: EC2 could not be asked whether its instance is running.
      Neither the recovery nor its roll back could finish. A person must.

      Holdfast deleted no volume: the data from before the recovery still exists.

      The record does not say what is where; look for what is tagged
          holdfast:recovery = recover-orders-db-20261121T120000Z

      What failed: recovery recover-orders-db-20261121T120000Z of workload orders-db from point orders-db-20261121T030000Z.

      Asked for by:
          > Ann
      Because:
          > a bad deployment

      Phases:
          create       40 s
          stop         not ended

      Newest good point: NONE. There is nothing to recover from.

      See the record:
          npx holdfast status orders-db
      "
    `);
  });

  it('that was refused', () => {
    const { request } = sampleRecovery();
    const refusals = ['No such point.', 'The instance is gone.'];
    expect(letter(recoveryRefused({ ...about, request, refusals }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: recovery REFUSED; nothing was changed

      APPLICATION: not touched. The recovery was refused before anything was changed.

      What was refused: a recovery of workload orders-db. Why:
          > No such point.
          > The instance is gone.

      Asked for by:
          > Ann
      Because:
          > a bad deployment

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      See the points, then the plan:
          npx holdfast points orders-db
          npx holdfast recover orders-db --dry-run
      "
    `);
  });
});

describe('a digest', () => {
  const sealed = sampleRun({ verdict: { consistency: 'application-consistent', evidence: [], windowMs: 7_540 } });
  const fresh: Point = samplePoint('2026-11-21T03:00:00.000Z');

  it('of a good day', () => {
    const entries = [{ ...about, newestPoint: fresh, sealed: [sealed] }];
    expect(letter(digest({ day: '2026-11-21', entries }))).toMatchInlineSnapshot(`
      "[Holdfast] 2026-11-21: 1 new point, all within their RPO

      APPLICATIONS: 1 new point on 2026-11-21; all within their RPO.

      orders-db: sealed
          orders-db-20261121T030000Z: application-consistent, 1 artifact, held still for 7.5 s
      Newest good point: orders-db-20261121T030000Z
          taken 2026-11-21 03:00 UTC, 5 min ago, within the RPO of 26 h; application-consistent

      More:
          npx holdfast status
      "
    `);
  });

  it('of a day with workloads past their RPO', () => {
    const two = sampleRun({ artifacts: sampleRun().artifacts.flatMap((artifact) => [artifact, artifact]) });
    const past = { ...about, nowMs: Date.parse('2026-11-21T08:00:00.000Z'), sealed: [] };
    const entries = [
      { ...about, sealed: [sealed, two] },
      { ...past, workload: sampleWorkload({ name: 'appliance' }) },
      { ...nothing, workload: sampleWorkload({ name: 'new' }), sealed: [] },
    ];
    expect(letter(digest({ day: '2026-11-21', entries }))).toMatchInlineSnapshot(`
      "[Holdfast] 2026-11-21: 2 new points, 2 of 3 PAST their RPO

      APPLICATIONS: 2 new points on 2026-11-21; 2 of 3 PAST their RPO.

      appliance is past its RPO by 3 h; its newest point is of 2026-11-20 03:00 UTC.
      new has no point at all.

      orders-db: sealed
          orders-db-20261121T030000Z: application-consistent, 1 artifact, held still for 7.5 s
          orders-db-20261121T030000Z: no verdict, 2 artifacts
      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      appliance: no new point
      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 29 h ago, PAST the RPO of 26 h by 3 h; application-consistent

      new: no new point
      Newest good point: NONE. There is nothing to recover from.

      More:
          npx holdfast status
      "
    `);
  });
});

describe('an old point that cannot be deleted', () => {
  it('says which, why, and that backups go on', () => {
    const retire = { reason: 'older than 30 days', plannedAt: '2026-11-21T03:00:00.000Z' };
    const artifacts = [sampleArtifact(point.takenAt), sampleArtifact(point.takenAt, { id: 'snap-2', source: 'vol-2' })];
    const stuck = samplePoint('2026-10-20T03:00:00.000Z', 'crash-consistent', { retire, artifacts });
    const problem = 'The snapshot is in use by ami-1.';
    expect(letter(retireBlocked({ ...about, point: stuck, problem }))).toMatchInlineSnapshot(`
      "[Holdfast] orders-db: an old point cannot be deleted

      APPLICATION: not concerned. Backups go on; only the storage of an old point is still being paid for.

      What is stuck: point orders-db-20261020T030000Z of 2026-10-20 03:00 UTC, older than 30 days. Its artifacts:
          snap-0a1b2c3d4e5f60718 (copy of vol-0a1b2c3d4e5f60718)
          snap-2 (copy of vol-2)
      It cannot be deleted because:
          > The snapshot is in use by ami-1.

      Newest good point: orders-db-20261120T030000Z
          taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

      Holdfast tries again by itself. What it would delete next:
          npx holdfast points orders-db
      "
    `);
    expect(retireBlocked({ ...about, point, problem }).body).toContain('2026-11-20 03:00 UTC, to be retired. Its');
  });
});

it('about automatic snapshots that cannot be set', () => {
  const member = { kind: 'memorydb', resource: 'orders', tier: 1 } as const;
  const wanted = { retentionDays: 7, window: '01:00-02:00' };
  const problem = 'InvalidParameterValueException: The snapshot window and maintenance window must not overlap.';
  expect(letter(automaticRefused({ ...about, member, wanted, problem }))).toMatchInlineSnapshot(`
    "[Holdfast] orders-db: automatic snapshots are not as the policy says

    APPLICATION: not concerned. Backups of Holdfast go on; only the service’s own snapshots are as they were.

    What could not be set: of memorydb orders, automatic snapshots kept 7 d, begun 01:00-02:00 UTC. In the words of AWS:
        > InvalidParameterValueException: The snapshot window and maintenance window must not overlap.

    If the maintenance window is in the way, move that one, or the schedule of the workload: the two may not overlap. Holdfast tries again twice a day by itself.

    Newest good point: orders-db-20261120T030000Z
        taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

    What can be recovered, and what Holdfast sees of the service:
        npx holdfast points orders-db
        npx holdfast doctor orders-db
    "
  `);
});

it('about automatic snapshots that cannot be switched off', () => {
  const member = { kind: 'elasticache', resource: 'cluster:queue', tier: 1 } as const;
  const refused = { member, wanted: { retentionDays: 0 }, problem: 'AccessDenied' };
  expect(letter(automaticRefused({ ...nothing, ...refused }))).toContain('no automatic snapshots');
});

it('about a point that was not exported', () => {
  const artifact = sampleArtifact(point.takenAt, { kind: 'elasticache', id: 'holdfast-a', source: 'cluster:queue' });
  const wanted = { kind: 'elasticache', id: 'holdfast-a', bucket: 'cache-files', state: 'wanted' } as const;
  const problem = 'InvalidParameterValue: The S3 bucket cache-files does not exist.';
  const line =
    'aws elasticache copy-snapshot --source-snapshot-name holdfast-a --target-snapshot-name holdfast-a-again --target-bucket cache-files';
  expect(letter(exportFailed({ ...about, point, artifact, wanted, problem, line }))).toMatchInlineSnapshot(`
    "[Holdfast] orders-db: a point was not exported to S3; the point itself is whole

    APPLICATION: not concerned. The point can be recovered from; only its copy in S3 is not there, or not all of it.

    What failed: the export of elasticache cluster:queue of point orders-db-20261120T030000Z, taken 2026-11-20 03:00 UTC, to the bucket cache-files. In the words of the error:
        > InvalidParameterValue: The S3 bucket cache-files does not exist.

    Mend what is in its way. The next point is exported by itself; Holdfast does not try this one again. By hand:
        aws elasticache copy-snapshot --source-snapshot-name holdfast-a --target-snapshot-name holdfast-a-again --target-bucket cache-files

    Newest good point: orders-db-20261120T030000Z
        taken 2026-11-20 03:00 UTC, 24 h 5 min ago, within the RPO of 26 h; application-consistent

    What keeps exports from working, and what points there are:
        npx holdfast doctor orders-db
        npx holdfast points orders-db --evidence
    "
  `);
});

describe('addresses that get no mail', () => {
  const told = { address: 'new@example.com', workloads: ['orders-db'] };

  it('by topic and state, and the workloads of whose failures nobody hears', () => {
    const unheard = [
      { ...told, topic: 'failures', state: 'unconfirmed' },
      { ...told, topic: 'alarms', state: 'unsubscribed' },
    ] as const;
    expect(letter(mailUnheard(unheard, ['orders-db']))).toMatchInlineSnapshot(`
      "[Holdfast] 1 address GETS NO MAIL of Holdfast

      APPLICATIONS: not concerned. Backups go on; only some of those who should be told of them are not.

      The policy names them, and AWS sends them nothing:
          new@example.com gets no mail of failures: it has not confirmed.
          new@example.com gets no mail of alarms: it is not subscribed.

      When a backup of these fails, NOBODY is told:
          orders-db

      Whoever has not confirmed has a mail of AWS, "AWS Notification - Subscription Confirmation", with a link that is valid for some days.
      What sends that again, and subscribes again who has unsubscribed:
          npx holdfast doctor
      "
    `);
    const two = [...unheard, { ...told, address: 'b@example.com', topic: 'reports', state: 'unconfirmed' } as const];
    expect(letter(mailUnheard(two, []))).toMatchInlineSnapshot(`
      "[Holdfast] 2 addresses GET NO MAIL of Holdfast

      APPLICATIONS: not concerned. Backups go on; only some of those who should be told of them are not.

      The policy names them, and AWS sends them nothing:
          new@example.com gets no mail of failures: it has not confirmed.
          new@example.com gets no mail of alarms: it is not subscribed.
          b@example.com gets no mail of reports: it has not confirmed.

      Whoever has not confirmed has a mail of AWS, "AWS Notification - Subscription Confirmation", with a link that is valid for some days.
      What sends that again, and subscribes again who has unsubscribed:
          npx holdfast doctor
      "
    `);
  });
});

it.each([
  ['wanted', 'was not copied under another key'],
  ['done', 'has lost its copy under another key'],
] as const)('about a copy under another key that was %s', (state, subject) => {
  const artifact = sampleArtifact(point.takenAt, { kind: 'memorydb', id: 'holdfast-a', source: 'orders' });
  const wanted = { kind: 'memorydb', id: 'holdfast-a', key: 'arn:key', state } as const;
  const line = 'aws memorydb copy-snapshot';
  const text = letter(exportFailed({ ...about, point, artifact, wanted, problem: 'KMS', line }));
  expect(text).toContain(`[Holdfast] orders-db: a point ${subject}; the point itself is whole`);
  expect(text.replaceAll(/\s+/g, ' ')).toContain('What failed: the copy of memorydb orders of point');
  expect(text).toContain('under the key arn:key');
});
