/** Until when artifacts are kept, as their tags say it; what really goes is decided by `retention.ts`. */
import type { Workload } from './policy.ts';

const dayMs = 86_400_000;

/** What a failed run left is kept a day, so that a person can look, and is then retired. */
export const failedRunDays = 1;

export const daysAfter = (at: string, days: number): string => new Date(Date.parse(at) + days * dayMs).toISOString();

export const expiryOf = ({ retention }: Pick<Workload, 'retention'>, takenAt: string): string =>
  daysAfter(takenAt, retention.days);
