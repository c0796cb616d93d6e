/** Asking of AWS what must be known, for as long as it may take AWS to answer again. */
import { passesByItself, wordsOf } from './aws-problems.ts';
import { wait } from './wait.ts';

/** Beside the clients' own three or four attempts, which take some seconds together. */
const pauseMs = 2000;

export interface Patience {
  /** How long after the first trouble the last attempt may begin. Default: 10 minutes. */
  readonly limitMs?: number;
  /** Told once when AWS no longer answers, and once when it does again: a sentence. */
  readonly tell: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param ask is called at least once, and may be many times, so it reads, or has its effect once
 * @returns the answer, or undefined when the signal aborted first
 * @throws what `ask` throws, when it does not pass by itself, or has not passed in time
 */
export async function askPatiently<Answer>(
  ask: () => Promise<Answer>,
  { limitMs = 600_000, tell, signal }: Patience,
): Promise<Answer | undefined> {
  let sinceMs: number | undefined;
  do {
    try {
      const answer = await ask();
      if (sinceMs !== undefined) tell('AWS answers again.');
      return answer;
    } catch (error) {
      if (!passesByItself(error) || Date.now() - (sinceMs ?? Date.now()) > limitMs) throw error;
      if (sinceMs === undefined) tell(`AWS does not answer (${wordsOf(error)}). It is asked again and again.`);
      sinceMs ??= Date.now();
    }
    await wait(pauseMs, signal);
  } while (signal?.aborted !== true);
  return undefined;
}
