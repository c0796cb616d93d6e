import { integrityFault } from '#domain/faults.ts';
import type { PlannedMember } from '#domain/run.ts';
import type { EbsPlan } from './plan.ts';

/** The plan's detail as this provider wrote it. @throws IntegrityFault when it is another's */
export function ebsPlan({ detail }: PlannedMember): EbsPlan {
  if (typeof detail.instanceId === 'string' && Array.isArray(detail.volumes)) return detail as EbsPlan;
  throw integrityFault('The planned member in the ledger is not one of kind ebs.');
}
