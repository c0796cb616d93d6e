/** What an artifact of kind `ami` says beside its image: all that a launch does not learn from the image itself. */
import * as z from 'zod/mini';
import { integrityFault } from '#domain/faults.ts';

const text = z.optional(z.string());

const shape = z.object({
  /** Run that made it: its snapshots are tagged with that. Absent of a plan. */
  run: text,
  /** Absent of an artifact that only its tags tell of, as all that follows. */
  reboot: z.optional(z.boolean()),
  volumes: z.optional(z.array(z.object({ volumeId: z.string(), device: z.string() }))),
  /** In RunInstances' words. */
  launch: z.optional(z.record(z.string(), z.unknown())),
  /** Elastic IP addresses that led to it. */
  elasticIps: z.optional(z.array(z.string())),
  /** What a new instance will not have, a clause each. */
  differences: z.optional(z.array(z.string())),
});

export type AmiDetail = z.infer<typeof shape>;

/** @throws IntegrityFault when it is another's */
export function detailOf(detail: Readonly<Record<string, unknown>>): AmiDetail {
  const parsed = z.safeParse(shape, detail);
  if (parsed.success) return parsed.data;
  throw integrityFault('A record in the ledger is not one of kind ami.');
}
