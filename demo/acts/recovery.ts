import { measured } from '#cli/times.ts';
import { pointsOf } from '#ledger/points.ts';
import { readTransaction } from '#simulator/guest/application.ts';
import { changes, plannedCalls } from '../changes.ts';
import { same, that } from '../checks.ts';
import { applianceDevice, applianceFile, applianceId } from '../fleet.ts';
import type { Act } from '../stage.ts';

/** The recovery for real, and the guest's own word that it worked. */
export const recovery: Act = {
  id: 'recovery',
  title: 'The recovery',
  async play({ region, operate, policy, narrator }) {
    const { world } = region.services.ec2;
    const wiped = world.volumeAt(applianceId, applianceDevice);
    const sinceMs = region.clock.nowMs();
    const { exitCode, events } = await operate('recover appliance --yes --reason "data volume was wiped"');
    const done = events.find(({ event }) => event === 'committed');
    const ms = typeof done?.tookMs === 'number' ? done.tookMs : Number.POSITIVE_INFINITY;
    const rtoMs = (policy.workloads.find(({ name }) => name === 'appliance')?.objectives.rtoMinutes ?? 0) * 60_000;
    const [point] = await region.drive(pointsOf('appliance'));
    const inSnapshot = world.judgeSnapshots((point?.artifacts ?? []).map(({ id }) => id))[0]?.transactions[0];
    const found = world.guest(applianceId).inspect().applications[0];
    const read = world.guest(applianceId).read(applianceFile);
    narrator.moment(
      region.clock.nowMs(),
      `${applianceFile} reads ${JSON.stringify(read)}; the point held transaction ${inSnapshot}`,
    );
    const now = readTransaction(read)?.transaction ?? -1;
    const planned = events.find(({ event }) => event === 'plan')?.calls;
    return [
      same('the recovery was committed', '0', String(exitCode)),
      same('it made the calls of its plan, and no others', plannedCalls(planned), changes(region, sinceMs)),
      that('it took less than the RTO', ms < rtoMs, `under ${measured(rtoMs)}`, `${measured(ms)} (virtual)`),
      same('the guest came up with the data of the point', String(inSnapshot), String(found?.found?.transactions[0])),
      that(
        'the application goes on from there',
        found?.status === 'running' && now > (inSnapshot ?? 0),
        `running after ${inSnapshot}`,
        `${found?.status} at ${now}`,
      ),
      same('the wiped volume is kept, detached', 'available', world.volumes.get(wiped.id)?.state ?? 'deleted'),
    ];
  },
};
