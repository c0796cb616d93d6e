/** One holder a workload: whatever holds it still or down has the lease, so that runs and recoveries never overlap. */
import { change, read } from './table.ts';

export interface Lease {
  /** Run or recovery id. */
  readonly holder: string;
  readonly kind: 'run' | 'recovery';
  readonly takenAt: string;
  /** After this it counts as free: the longest that the holder's execution may live. */
  readonly untilAt: string;
}

interface LeaseRecord {
  readonly lease: Lease | null;
}

const key = (workload: string) => ({ pk: `workload#${workload}`, sk: 'lease' });

/** Takes the lease, or says who has it. Taking what one already has makes it last until then. */
export async function takeLease(
  workload: string,
  lease: Lease,
): Promise<{ taken: true } | { taken: false; by: Lease }> {
  const now = await change<LeaseRecord>(key(workload), (record) =>
    record?.lease?.holder === lease.holder
      ? lengthened(record.lease, lease)
      : isHeld(record, lease)
        ? undefined
        : { lease },
  );
  const by = now?.lease;
  return by && by.holder !== lease.holder ? { taken: false, by } : { taken: true };
}

/** Gives the lease back; nothing happens if another holds it by now. */
export async function dropLease(workload: string, holder: string): Promise<void> {
  await change<LeaseRecord>(key(workload), (record) =>
    record?.lease?.holder === holder ? { lease: null } : undefined,
  );
}

export async function readLease(workload: string): Promise<Lease | undefined> {
  return (await read<LeaseRecord>(key(workload)))?.record.lease ?? undefined;
}

const lengthened = (had: Lease, { untilAt }: Lease): LeaseRecord | undefined =>
  untilAt > had.untilAt ? { lease: { ...had, untilAt } } : undefined;

const isHeld = (record: LeaseRecord | undefined, wanted: Lease): boolean =>
  record?.lease != null && record.lease.untilAt > wanted.takenAt;
