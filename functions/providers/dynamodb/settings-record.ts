/** Settings of a table as an artifact has kept them in the ledger. */
import * as z from 'zod/mini';
import { lazy } from '#platform/lazy.ts';
import { keptSettings } from '../kept-settings.ts';
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

/** @throws as `keptSettings` */
export const tableSettings = (kept: Readonly<Record<string, unknown>>): TableSettings =>
  keptSettings(shape(), kept, { kind: 'dynamodb', what: 'the table', from: 'its backup' });
