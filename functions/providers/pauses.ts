/**
 * Pauses between two looks. Each phase ends on average half a pause late, and a recovery waits five times, so pauses are short at
 * first; what has taken long may take a fortieth longer, and is not asked for thousands of times. After ten minutes it hangs rather than
 * takes its time, and is looked at once an invocation. Where EC2 throttles looks (20 Describe calls a second for the whole Region),
 * everybody's become long.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
const pauses = {
  firstMs: 500,
  growth: 1.5,
  shortMs: 1_500,
  share: 1 / 40,
  hangsAfterMs: 600_000,
  unansweredMs: 5_000,
} as const;

/** How long one invocation goes on; a Lambda needs a timeout well above it. */
export const pollBudgetMs = 40_000;

/** @param waitedMs how long the phase has been going on */
const longest = (waitedMs: number): number =>
  waitedMs >= pauses.hangsAfterMs ? pollBudgetMs : Math.max(pauses.shortMs, waitedMs * pauses.share);

/** Before the first look again. */
export const firstPauseMs = (waitedMs: number): number =>
  waitedMs < pauses.shortMs / pauses.share ? pauses.firstMs : longest(waitedMs);

/** @param beforeMs the pause before */
export const nextPauseMs = (beforeMs: number, waitedMs: number): number =>
  Math.min(beforeMs * pauses.growth, longest(waitedMs));

/** After a look that EC2 did not answer. */
export const unansweredPauseMs = (beforeMs: number): number => Math.max(beforeMs, pauses.unansweredMs);

/**
 * Waits, but no longer than until then: what follows at once is a look of the next invocation.
 * @param untilMs epoch ms
 * @returns whether the pause is over, and this invocation may look again
 */
export async function pause(ms: number, untilMs: number): Promise<boolean> {
  const leftMs = Math.max(0, untilMs - Date.now());
  // The global timer, which simulations replace.
  await new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, leftMs)));
  return ms < leftMs;
}
