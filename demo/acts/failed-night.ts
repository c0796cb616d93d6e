import { livePoints } from '#domain/retention.ts';
import { pointsOf } from '#ledger/points.ts';
import { same, that } from '../checks.ts';
import { installScripts, ordersName, scripts } from '../fleet.ts';
import { liveThroughNight } from '../night.ts';
import { addressOf } from '../people.ts';
import type { Act } from '../stage.ts';

/** Long enough for the mail; sweeps come by every five minutes. */
const mailMs = 10 * 60_000;

/** The database does not answer its quiesce script. */
export const failedNight: Act = {
  id: 'failed-night',
  title: 'The next night the database cannot be held still',
  async play(stage) {
    const { region, narrator, policy } = stage;
    const guest = region.services.ec2.world.guest(ordersName);
    guest.installProgram(scripts.quiesce, () => ({
      exitCode: 1,
      stdout: '',
      stderr: 'orders: no checkpoint within 20 s\n',
    }));
    const before = livePoints(await region.drive(pointsOf(ordersName)));
    const runs = await liveThroughNight(stage);
    await region.time.advance(mailMs);
    installScripts(guest);
    const address = addressOf(policy, 'failures');
    const mail = region.inbox(address).findLast(({ subject }) => subject.includes(`${ordersName}: backup FAILED`));
    narrator.say(`The mail to ${address}:`);
    narrator.block(mail === undefined ? '(none came)' : `Subject: ${mail.subject}\n\n${mail.message}`);
    const after = livePoints(await region.drive(pointsOf(ordersName)));
    const application = guest.inspect().applications[0];
    return [
      same(
        `the run of ${ordersName} failed`,
        'failed',
        runs.find(({ workload }) => workload === ordersName)?.state ?? 'none',
      ),
      that(
        'somebody was told within ten minutes',
        mail !== undefined,
        'a mail',
        mail === undefined ? 'none' : mail.subject,
      ),
      same('the database writes on', 'running', application?.status ?? 'gone'),
      same('its newest good point is untouched', before[0]?.id ?? 'none', after[0]?.id ?? 'none'),
      same(
        'the other workload’s run was sealed',
        'sealed',
        runs.find(({ workload }) => workload !== ordersName)?.state ?? 'none',
      ),
    ];
  },
};
