import type { Policy } from '#domain/policy.ts';

/** The first address that hears of failures, or of reports. */
export const addressOf = (policy: Policy, audience: 'failures' | 'reports'): string =>
  policy.workloads.flatMap(({ mail }) => mail[audience])[0] ?? 'nobody';
