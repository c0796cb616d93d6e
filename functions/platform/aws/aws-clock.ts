/**
 * The time by AWS's clock: a request signed more than five minutes off is refused, and an operator's machine may be. Lambda's is
 * right. The same rule as the SDK's: every reply tells the time.
 */
import type { Reply } from './reply-error.ts';

/** Less than AWS forgives. */
const forgivenMs = 240_000;

export interface AwsClock {
  now(): Date;
  /** Takes the time from a reply. True when its request, signed at `signedAt`, bore a time far off: a repeat will not. */
  follow(reply: Reply, signedAt: Date): boolean;
}

export function awsClock(): AwsClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    follow({ headers }, signedAt) {
      const told = Date.parse(headers.date ?? '');
      if (Number.isNaN(told)) return false;
      aheadMs = told - Date.now();
      return Math.abs(told - signedAt.getTime()) >= forgivenMs;
    },
  };
}
