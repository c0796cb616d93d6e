/** Token buckets in virtual time, as EC2 and others throttle by (EC2 API, "Request throttling"). */
import type { Clock } from './clock.ts';

export interface BucketDraw {
  readonly bucket: string;
  readonly tokens: number;
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface Buckets {
  /**
   * Draws from all the buckets, or from none. Returns the name of the first bucket that has too few tokens, or
   * undefined when the draw succeeded. A bucket starts full.
   */
  draw(draws: readonly BucketDraw[]): string | undefined;
  /** Tokens left now, or undefined for a bucket never drawn from. */
  level(bucket: string): number | undefined;
}

interface Bucket {
  tokens: number;
  filledMs: number;
  capacity: number;
  refillPerSecond: number;
}

function refill(bucket: Bucket, nowMs: number): void {
  const gained = ((nowMs - bucket.filledMs) / 1000) * bucket.refillPerSecond;
  bucket.tokens = Math.min(bucket.capacity, bucket.tokens + gained);
  bucket.filledMs = nowMs;
}

/** Full buckets. */
export function createBuckets(clock: Clock): Buckets {
  const buckets = new Map<string, Bucket>();
  const open = ({ bucket, capacity, refillPerSecond }: BucketDraw): Bucket => {
    const known = buckets.get(bucket) ?? { tokens: capacity, filledMs: clock.nowMs(), capacity, refillPerSecond };
    buckets.set(bucket, known);
    refill(known, clock.nowMs());
    return known;
  };
  return {
    draw(draws) {
      const opened = draws.map((draw) => ({ draw, bucket: open(draw) }));
      const short = opened.find(({ draw, bucket }) => bucket.tokens < draw.tokens);
      if (short) return short.draw.bucket;
      for (const { draw, bucket } of opened) bucket.tokens -= draw.tokens;
      return undefined;
    },
    level(name) {
      const bucket = buckets.get(name);
      if (bucket) refill(bucket, clock.nowMs());
      return bucket?.tokens;
    },
  };
}
