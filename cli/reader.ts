/** Whoever reads what is written (`| head`) may go away in the middle: then nothing is said any longer, and nobody watches. */
import type { Writable } from 'node:stream';

let isGone = false;
const leaving = new Set<() => void>();

/** To be called once: without it a reader that has gone ends the process, with an exit code that says "it failed". */
export function noticeReader(...streams: readonly Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      isGone = true;
      for (const run of leaving) run();
    });
  }
}

export const readerIsGone = (): boolean => isGone;

/** Runs once the reader is gone, or at once when it is already. Returns a function that ends it. */
export function whenReaderLeaves(run: () => void): () => void {
  leaving.add(run);
  if (isGone) run();
  return () => void leaving.delete(run);
}
