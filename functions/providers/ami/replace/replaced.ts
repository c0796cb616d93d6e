/** What the ledger keeps of an instance whose place a new one takes, beside what it keeps of the new one. */
import * as z from 'zod/mini';
import { integrityFault } from '#domain/faults.ts';
import type { RecoveryTarget } from '#domain/recovery.ts';
import { type ReplacementDetail, replacementDetail } from '../../replacement/replacement-detail.ts';

const shape = z.object({
  instanceId: z.string(),
  /** As it was found; that is how a roll back leaves it. */
  wasRunning: z.boolean(),
  /** The Elastic IP address that leads to it. */
  address: z.optional(z.object({ allocationId: z.string(), publicIp: z.string() })),
  /** Tags of an earlier recovery that it has. */
  marks: z.record(z.string(), z.string()),
});

export type Replaced = z.infer<typeof shape>;

/** A target whose recovery replaces. */
export interface Replacing extends ReplacementDetail {
  readonly replaced: Replaced;
}

/**
 * Undefined: the new instance is launched beside the present one, and nothing else is done.
 * @throws IntegrityFault when the record is another's
 */
export function replacingOf(target: RecoveryTarget): Replacing | undefined {
  const detail = replacementDetail(target);
  if (detail.replaced === undefined) return undefined;
  const parsed = z.safeParse(shape, detail.replaced);
  if (parsed.success) return { ...detail, replaced: parsed.data };
  throw integrityFault(`The record of the recovery of ${target.resource} does not say how it was found.`);
}
