import type { Random } from './random.ts';

/**
 * Makes Math.random draw from this stream: the SDK's retries wait for `random() x backoff`, so without it two runs of the
 * same program differ in their virtual times. Returns a function that gives the real one back.
 */
export function seedMathRandom(random: Random): () => void {
  const real = Math.random;
  Math.random = random.next;
  return () => {
    Math.random = real;
  };
}
