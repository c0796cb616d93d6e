import type { PlannedHook } from './run.ts';

/** Tells the hooks of a run apart: an instance may have several of one kind, with other parameters. */
export const hookKey = ({ kind, instanceId, parameters }: PlannedHook): string =>
  JSON.stringify([kind, instanceId, Object.entries(parameters).toSorted()]);
