/** Settings of a table as an artifact has kept them in the ledger. */
import * as z from 'zod/mini';
import { invalidRequest } from '#domain/faults.ts';
import { lazy } from '#platform/lazy.ts';
import { extrasShape } from './extras.ts';
import type { TableSettings } from './settings.ts';

const text = z.exactOptional(z.string());

const shape = lazy(() =>
  z.object({
    ...{ streamView: text, deletionProtection: z.boolean(), tableClass: text, keyArn: text },
    ...{ expiryAttribute: text, recoveryDays: z.exactOptional(z.number()), tags: z.record(z.string(), z.string()) },
    ...extrasShape(),
    differences: z.array(z.string()),
  }),
);

/** @throws InvalidRequest when they are not there: the artifact is known by its tags alone */
export function tableSettings(kept: Readonly<Record<string, unknown>>): TableSettings {
  const parsed = z.safeParse(shape(), kept);
  if (parsed.success) return parsed.data;
  throw invalidRequest(
    'What the table was like is not known any more: it went with the ledger. Make a new one by hand from its backup.',
  );
}
