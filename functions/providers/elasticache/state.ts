import type { Source } from '../named-snapshots.ts';

/** States that pass by themselves; some come in capitals. */
const passing = ['modifying', 'rebooting cluster nodes', 'snapshotting'];

/** @returns undefined when a snapshot can be begun */
export function notReady(resource: string, status = 'unknown'): Source | undefined {
  const state = status.toLowerCase();
  if (state === 'available') return undefined;
  const words = `elasticache ${resource} is ${state}`;
  if (passing.includes(state)) return { settings: {}, refusals: [], busy: `${words}.` };
  return refused(`${words}, and ElastiCache takes snapshots of available caches only.`);
}

/** Whether a snapshot can be begun, or by and by. */
export function mayPass(status: string): boolean {
  const state = status.toLowerCase();
  return state === 'available' || passing.includes(state);
}

export const refused = (refusal: string): Source => ({ settings: {}, refusals: [refusal] });
