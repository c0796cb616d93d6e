/** Crashes that somebody has arranged, until the invocations come that they are for. */
import type { ComingCrash } from './sandbox.ts';

/** A crash on purpose: the function's process dies after its n-th AWS call had its effect (0: before its first). */
export interface PlannedCrash {
  readonly functionName: string;
  readonly afterCalls: number;
  /** Invocations that go unharmed first. Default 0. */
  readonly skip?: number;
}

export interface PlannedCrashes {
  /** Of two for the same invocation the earlier one wins. @returns what calls it off, if it has not come */
  add(plan: PlannedCrash): () => void;
  /** The crash that is for this invocation of the function, if any. */
  take(functionName: string): ComingCrash | undefined;
  /** Those that never happened: their invocation did not come, or made fewer calls. */
  missed(): readonly PlannedCrash[];
}

interface Plan {
  readonly plan: PlannedCrash;
  seen: number;
  taken: boolean;
  happened: boolean;
}

export function plannedCrashes(): PlannedCrashes {
  const plans: Plan[] = [];
  return {
    add: (plan) => {
      const planned: Plan = { plan, seen: 0, taken: false, happened: false };
      plans.push(planned);
      return () => {
        planned.taken = true;
      };
    },
    take: (functionName) => takeCrash(plans, functionName),
    missed: () => plans.filter(({ happened }) => !happened).map(({ plan }) => plan),
  };
}

function takeCrash(plans: readonly Plan[], name: string): ComingCrash | undefined {
  for (const planned of plans) {
    if (planned.taken || planned.plan.functionName !== name) continue;
    planned.seen += 1;
    if (planned.seen <= (planned.plan.skip ?? 0)) continue;
    planned.taken = true;
    const onCrash = () => {
      planned.happened = true;
    };
    return { afterCalls: planned.plan.afterCalls, onCrash };
  }
  return undefined;
}
