/** When the next call of each kind may begin, epoch milliseconds. */
const freeAtMs = new Map<symbol, number>();

/** After so long a queue the clock has been set back: outside of invocations nobody forgets turns. */
const longestMs = 60_000;

/** An invocation begins with no queue: whoever waited in the one before has gone. */
export const forgetTurns = (): void => freeAtMs.clear();

/**
 * For calls of which a service answers only so many in a second, of a whole account: those of one invocation begin one after another, evenly, and the first
 * at once. Refusals are no way to wait: an SDK's client has so many retries, and then none for anybody.
 * @returns a function whose promise says that it is one's turn
 */
export function paced(perSecond: number): () => Promise<void> {
  const kind = Symbol('paced');
  return async () => {
    const nowMs = Date.now();
    const freeMs = freeAtMs.get(kind) ?? 0;
    const turnMs = freeMs > nowMs + longestMs ? nowMs : Math.max(nowMs, freeMs);
    freeAtMs.set(kind, turnMs + 1000 / perSecond);
    // The global timer, which simulations replace.
    if (turnMs > nowMs) await new Promise<void>((resolve) => setTimeout(resolve, turnMs - nowMs));
  };
}
