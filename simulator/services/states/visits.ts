/**
 * Which states an execution is in. The engine offers only its event log, and stops reporting the branches that it gives up;
 * so what a branch still does afterwards is recognised by its container not being active any more.
 */
import type { ExecutionEvent } from './execution.ts';

interface Visit {
  enteredMs: number | undefined;
  failures: number;
  /** Instances of this state under way; several only inside a Map. */
  active: number;
}

export interface Visits {
  observe(event: ExecutionEvent): void;
  /** Whether all these Parallel and Map states are under way. */
  areActive(containers: readonly string[]): boolean;
  /** What `$$.State` shows inside that state. */
  contextOf(state: string): Readonly<{ Name: string; EnteredTime: string; RetryCount: number }>;
}

const CHANGES: Readonly<Record<string, (visit: Visit, timeMs: number) => void>> = {
  StateEntered: (visit, timeMs) => {
    visit.enteredMs = timeMs;
    visit.failures = 0;
    visit.active += 1;
  },
  StateFailed: (visit) => {
    visit.failures += 1;
    visit.active -= 1;
  },
  StateRetried: (visit) => {
    visit.active += 1;
  },
  // A caught failure ends in an exit, too: it is active again for that one moment.
  StateCaught: (visit) => {
    visit.active += 1;
  },
  StateExited: (visit) => {
    visit.enteredMs = undefined;
    visit.active -= 1;
  },
};

/** Nothing visited yet. `nowMs` is the virtual clock. */
export function createVisits(nowMs: () => number): Visits {
  const visits = new Map<string, Visit>();
  const visitOf = (state: string): Visit => {
    const known = visits.get(state) ?? { enteredMs: undefined, failures: 0, active: 0 };
    visits.set(state, known);
    return known;
  };
  return {
    observe: (event) => {
      if (event.state) CHANGES[event.type]?.(visitOf(event.state), event.timeMs);
    },
    areActive: (containers) => containers.every((container) => visitOf(container).active > 0),
    contextOf: (state) => ({
      Name: state,
      get EnteredTime() {
        return new Date(visitOf(state).enteredMs ?? nowMs()).toISOString();
      },
      get RetryCount() {
        return visitOf(state).enteredMs === undefined ? 0 : visitOf(state).failures;
      },
    }),
  };
}
