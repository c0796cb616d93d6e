import { changes } from '../changes.ts';
import { same, that } from '../checks.ts';
import type { Act } from '../stage.ts';

/** What the recovery would do. */
export const dryRun: Act = {
  id: 'dry-run',
  title: 'The plan of the recovery, which changes nothing',
  async play({ region, operate }) {
    const sinceMs = region.clock.nowMs();
    const { exitCode, events } = await operate('recover appliance --dry-run');
    const plan = events.find(({ event }) => event === 'plan');
    const calls = Array.isArray(plan?.calls) ? plan.calls.length : 0;
    return [
      same('the dry run ended well', '0', String(exitCode)),
      that('it lists every call that would change something', calls > 5, 'more than 5', String(calls)),
      same('it changed nothing in EC2', 'no calls', changes(region, sinceMs)),
    ];
  },
};
