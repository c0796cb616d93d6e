import type { CleanUp } from '#domain/clean-up.ts';
import type { Settings } from '../replacement/replacement-service.ts';

/** What `prepare` has found out: the instance that moves restored files to their place, if any, and what it takes away then. */
export const promotionOf = ({
  promoteOn,
  cleanUp,
}: Settings): { readonly promoteOn?: string; readonly cleanUp?: CleanUp } => ({
  ...(typeof promoteOn === 'string' ? { promoteOn } : {}),
  ...(isCleanUp(cleanUp) ? { cleanUp } : {}),
});

function isCleanUp(value: unknown): value is CleanUp {
  const { roots, files, folders }: Partial<Record<keyof CleanUp, unknown>> = { ...Object(value) };
  return [roots, files, folders].every(Array.isArray);
}
