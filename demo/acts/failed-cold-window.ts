import { measured } from '#cli/times.ts';
import { same, that } from '../checks.ts';
import type { Platform } from '../mediation/platform.ts';
import { addressOf } from '../people.ts';
import type { Act } from '../stage.ts';

/** Long enough for the mail; sweeps come by every five minutes. */
const mailMs = 10 * 60_000;
/** RDS takes two minutes and some seconds to give up here. */
const heldMs = 3 * 60_000;

/** The same night somebody wants one more set, and RDS does not make its snapshot. */
export const failedColdWindow = (platform: Platform): Act => ({
  id: 'failed-cold-window',
  title: 'The same night, before a release: a second window, in which the database’s snapshot fails',
  async play({ region, narrator, operate, policy }) {
    const { backup, rds } = region.services;
    const before = { jobs: backup.world.jobs.size, copies: backup.world.points.size, turns: platform.turns.length };
    rds.arrange.nextSnapshotFails();
    const { exitCode } = await operate('backup mediation');
    await region.time.advance(mailMs);
    const [suspended, resumed] = platform.turns.slice(before.turns);
    const ms = (resumed?.timeMs ?? Infinity) - (suspended?.timeMs ?? 0);
    const address = addressOf(policy, 'failures');
    const mails = region.inbox(address).filter(({ subject }) => subject.includes('mediation: backup FAILED'));
    narrator.say(
      `Of the two hours that the window may last the platform was held for ${measured(ms)}. The mail to ${address}:`,
    );
    narrator.block(mails[0] === undefined ? '(none came)' : `Subject: ${mails[0].subject}\n\n${mails[0].message}`);
    const rows = platform.contents().rows.length;
    await region.time.advance(60_000);
    return [
      same('the command line says that it failed', '1', String(exitCode)),
      that('the platform was resumed when RDS gave up', ms < heldMs, `under ${measured(heldMs)}`, measured(ms)),
      that(
        'it works on',
        platform.contents().rows.length > rows,
        'more rows',
        `${platform.contents().rows.length - rows} more rows`,
      ),
      same('AWS Backup was not asked for the file system', String(before.jobs), String(backup.world.jobs.size)),
      same('the set of the night is still there', String(before.copies), String(backup.world.points.size)),
      same('one mail told of it', '1', String(mails.length)),
    ];
  },
});
