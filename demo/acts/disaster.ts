import { same } from '../checks.ts';
import { applianceDevice, applianceFile, applianceId } from '../fleet.ts';
import type { Act } from '../stage.ts';

const hoursMs = 6 * 3_600_000;

/** The appliance's data volume is wiped in the middle of the morning. */
export const disaster: Act = {
  id: 'disaster',
  title: 'Disaster: the data volume of the appliance is wiped',
  async play({ region, narrator }) {
    await region.time.advance(hoursMs);
    const guest = region.services.ec2.world.guest(applianceId);
    narrator.moment(region.clock.nowMs(), `${applianceFile} reads ${JSON.stringify(guest.read(applianceFile))}`);
    guest.wipe(applianceDevice);
    const read = guest.read(applianceFile);
    narrator.moment(
      region.clock.nowMs(),
      `${applianceDevice} is wiped: ${applianceFile} reads ${read === undefined ? 'nothing' : JSON.stringify(read)}`,
    );
    const status = guest.inspect().applications[0]?.status ?? 'gone';
    return [
      same('the data is gone from the guest', 'nothing', read ?? 'nothing'),
      same('the application is down', 'stopped', status),
    ];
  },
};
