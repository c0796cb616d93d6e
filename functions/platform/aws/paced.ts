/** After so long a queue the clock has been set back. */
const longestMs = 60_000;

/**
 * For calls of which a service answers only so many in a second, of a whole account: those of this process begin one after another, evenly, and the first
 * at once. Refusals are no way to wait: an SDK's client has so many retries, and then none for anybody.
 * @returns a function whose promise says that it is one's turn
 */
export function paced(perSecond: number): () => Promise<void> {
  let freeAtMs = 0;
  return async () => {
    const nowMs = Date.now();
    const turnMs = freeAtMs > nowMs + longestMs ? nowMs : Math.max(nowMs, freeAtMs);
    freeAtMs = turnMs + 1000 / perSecond;
    // The global timer, which simulations replace.
    if (turnMs > nowMs) await new Promise<void>((resolve) => setTimeout(resolve, turnMs - nowMs));
  };
}
