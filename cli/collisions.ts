/** Runs that will get in each other's way. */
import { dueTimes } from '#domain/schedule.ts';
import type { Planned } from './plan.ts';

const dayMs = 86_400_000;
const daysAhead = 8;
/** Two runs on one guest that begin within so long may want to hold the same file systems still. */
const closeMs = 5 * 60_000;

/** @returns one sentence for each two workloads that share an instance and are due almost together within eight days */
export function collisions(plans: readonly Planned[], nowMs: number): readonly string[] {
  const sharers = new Map<string, Planned[]>();
  for (const plan of plans) for (const id of instancesOf(plan)) sharers.set(id, [...(sharers.get(id) ?? []), plan]);
  const told = new Map<string, string>();
  for (const [shared, some] of sharers) {
    for (const [one, other] of pairs(some)) {
      const key = `${one.workload.name} ${other.workload.name}`;
      const found = told.has(key) ? undefined : collision(one, other, shared, nowMs);
      if (found !== undefined) told.set(key, found);
    }
  }
  return [...told.values()];
}

const pairs = (plans: readonly Planned[]): readonly (readonly [Planned, Planned])[] =>
  plans.flatMap((one, index) => plans.slice(index + 1).map((other) => [one, other] as const));

function collision(one: Planned, other: Planned, shared: string, nowMs: number): string | undefined {
  const times = dueTimes(other.workload.schedule, nowMs, nowMs + daysAhead * dayMs);
  const at = dueTimes(one.workload.schedule, nowMs, nowMs + daysAhead * dayMs).find((time) =>
    times.some((each) => Math.abs(each - time) < closeMs),
  );
  if (at === undefined) return undefined;
  return `${one.workload.name} and ${other.workload.name} share ${shared} and are both due about ${new Date(at).toISOString()}: move one of them.`;
}

const instancesOf = ({ found }: Planned) => [
  ...new Set([
    ...found.plan.members.map(({ resource }) => resource),
    ...found.plan.hooks.map(({ instanceId }) => instanceId),
  ]),
];
