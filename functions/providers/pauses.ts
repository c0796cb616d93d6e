/**
 * Pauses between two looks. Each phase ends on average half a pause late, and a recovery waits five times, so pauses are short at
 * first; what has taken long may take a fortieth longer, and is not asked for thousands of times. Where EC2 throttles looks (20 Describe
 * calls a second for the whole Region), everybody's become long.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
const pauses = {
  firstMs: 500,
  growth: 1.5,
  shortMs: 1_500,
  share: 1 / 40,
  longestMs: 15_000,
  unansweredMs: 5_000,
} as const;

/** @param waitedMs how long the phase has been going on */
const longest = (waitedMs: number): number =>
  Math.min(pauses.longestMs, Math.max(pauses.shortMs, waitedMs * pauses.share));

/** Before the first look again. */
export const firstPauseMs = (waitedMs: number): number =>
  waitedMs < pauses.shortMs / pauses.share ? pauses.firstMs : longest(waitedMs);

/** @param beforeMs the pause before */
export const nextPauseMs = (beforeMs: number, waitedMs: number): number =>
  Math.min(beforeMs * pauses.growth, longest(waitedMs));

/** After a look that EC2 did not answer. */
export const unansweredPauseMs = (beforeMs: number): number => Math.max(beforeMs, pauses.unansweredMs);
