/** What a resource was like, as an artifact has kept it in the ledger: read once, where it comes from there. */
import * as z from 'zod/mini';
import { integrityFault, invalidRequest } from '#domain/faults.ts';
import type { ManagedKind } from '#domain/member-kinds.ts';

interface Whose {
  readonly kind: ManagedKind;
  /** In a sentence: `the table`. */
  readonly what: string;
  /** What a person makes a new one from. */
  readonly from: string;
}

/**
 * @throws InvalidRequest when they are not there: the artifact is known by its tags alone
 * @throws IntegrityFault when they are not such settings
 */
export function keptSettings<Known>(
  shape: z.ZodMiniType<Known>,
  kept: Readonly<Record<string, unknown>>,
  { kind, what, from }: Whose,
): Known {
  if (kept.differences === undefined) {
    throw invalidRequest(
      `What ${what} was like is not known any more: it went with the ledger. Make a new one by hand from ${from}.`,
    );
  }
  const parsed = z.safeParse(shape, kept);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw integrityFault(`What the ledger keeps of ${what} cannot be read as settings of kind ${kind}: ${wrong}.`);
}
