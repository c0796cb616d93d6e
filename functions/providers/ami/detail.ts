/** What an artifact of kind `ami` says beside its image: all that a launch does not learn from the image itself. */
import * as z from 'zod/mini';
import { integrityFault } from '#domain/faults.ts';
import { lazy } from '#platform/lazy.ts';

const text = z.optional(z.string());

/** In RunInstances' words: what there is no need to look into is as EC2 showed it. `UserData` is text. */
const launch = lazy(() =>
  z.looseObject({ UserData: text, IamInstanceProfile: z.optional(z.object({ Arn: z.string() })) }),
);

const shape = lazy(() =>
  z.object({
    /** Run that made it: its snapshots are tagged with that. Absent of a plan. */
    run: text,
    /** Of the source. Absent of an artifact that only its tags tell of, as all that follows. */
    instanceId: text,
    reboot: z.optional(z.boolean()),
    volumes: z.optional(z.array(z.object({ volumeId: z.string(), device: z.string(), kmsKeyId: text }))),
    launch: z.optional(launch()),
    /** Of a recovery: the profile that the new one is launched without. */
    withheldProfile: text,
    /** The owner's own. */
    tags: z.optional(z.record(z.string(), z.string())),
    /** Elastic IP addresses that led to it. */
    elasticIps: z.optional(z.array(z.string())),
    /** What a new instance will not have, a clause each. */
    differences: z.optional(z.array(z.string())),
  }),
);

export type AmiDetail = z.infer<ReturnType<typeof shape>>;

/** @throws IntegrityFault when it is another's */
export function detailOf(detail: Readonly<Record<string, unknown>>): AmiDetail {
  const parsed = z.safeParse(shape(), detail);
  if (parsed.success) return parsed.data;
  throw integrityFault('A record in the ledger is not one of kind ami.');
}
