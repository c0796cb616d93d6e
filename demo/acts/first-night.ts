import { measured } from '#cli/times.ts';
import { same, that } from '../checks.ts';
import { applianceId, ordersName } from '../fleet.ts';
import { liveThroughNight } from '../night.ts';
import type { Act } from '../stage.ts';

/** EventBridge Scheduler fires for both workloads. */
export const firstNight: Act = {
  id: 'night',
  title: 'A night: the schedules fire',
  async play(stage) {
    const runs = await liveThroughNight(stage);
    const { world } = stage.region.services.ec2;
    const statuses = [applianceId, ordersName].flatMap((name) =>
      world
        .guest(name)
        .inspect()
        .applications.map(({ status }) => status),
    );
    const orders = runs.find(({ workload }) => workload === ordersName);
    const heldMs = orders?.verdict?.windowMs ?? Number.POSITIVE_INFINITY;
    return [
      ...runs.map(({ workload, state }) => same(`the run of ${workload} was sealed`, 'sealed', state)),
      ...runs.map(({ workload, trigger }) => same(`${workload} was begun by its schedule`, 'schedule', trigger)),
      that(
        `${ordersName} was held still for less than its shortest deadline`,
        heldMs < 30_000,
        'under 30 s',
        measured(heldMs),
      ),
      same('both applications write again', 'running, running', statuses.join(', ')),
    ];
  },
};
