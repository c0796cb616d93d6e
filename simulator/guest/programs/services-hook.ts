import type { Guest, ProgramResult } from '../guest.ts';
import { runHold } from './run-hold.ts';

const KIND = 'services-hook';

/**
 * Model of the services hook: parameter units (separated by commas). A unit `shop.service` is the application `shop`; stopped it
 * has closed its files.
 */
export function runServicesHook(guest: Guest, parameters: Readonly<Record<string, string>>): Promise<ProgramResult> {
  const units = (parameters.units ?? '').split(',');
  const running = stoppedBy(guest, parameters.run ?? '');
  return runHold(guest, parameters, {
    kind: KIND,
    prepare: () =>
      units.filter((unit) => !statusOf(guest, unit)).map((unit) => `there is no unit ${unit} on this guest`),
    holdStill: async (hold) => {
      for (const unit of units.filter((each) => statusOf(guest, each) === 'running')) {
        if (hold.ended) {
          return 'released while stopping units';
        }
        running.unshift(unit);
        await guest.sleep(STOP_MS);
        if (!guest.holdApplication(nameOf(unit))) {
          return `${unit} does not stop`;
        }
      }
      guest.sync();
      return undefined;
    },
    letGo: () => {
      for (const unit of running) {
        guest.resumeApplication(nameOf(unit));
      }
      return true;
    },
  });
}

/** An application that has little to finish. */
const STOP_MS = 200;

const nameOf = (unit: string) => unit.slice(0, unit.lastIndexOf('.'));

const statusOf = (guest: Guest, unit: string) =>
  guest.inspect().applications.find(({ name }) => name === nameOf(unit))?.status;

/** Units that a run has stopped, the last one first. */
function stoppedBy(guest: Guest, run: string): string[] {
  const key = `${KIND}:${run}:running`;
  const known = guest.memory.get(key);
  const units: string[] = Array.isArray(known) ? known : [];
  guest.memory.set(key, units);
  return units;
}
