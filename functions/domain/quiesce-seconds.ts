/** How long quiescing may take. */
import type { RunPlan } from './run.ts';

/** Seconds for Run Command to deliver and the guest to answer, beside the hooks' own time. */
const deliverySeconds = 30;
/** Of a run without hooks. */
const mostSeconds = 600;

/** Quiescing that lasts longer than the first hook's deadline is in vain: that hook has released by then. */
export const quiesceSeconds = ({ hooks }: RunPlan): number =>
  deliverySeconds + Math.min(...hooks.map(({ deadlineSeconds }) => deadlineSeconds), mostSeconds);
