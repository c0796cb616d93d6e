import { integrityFault } from '#domain/faults.ts';
import type { RecoveryTarget } from '#domain/recovery.ts';
import type { ReplacementService, Settings } from './replacement-service.ts';
import type { Signpost } from './signpost.ts';

/** What the ledger keeps of one resource that is brought back by a new one. */
export interface ReplacementDetail extends Record<string, unknown> {
  /** The name that applications know. */
  readonly name: string;
  /** Under which the new one is made, and to which it goes back. */
  readonly madeAs: string;
  /** Under which the present one is kept: its own name where the new one does not take it. */
  readonly keptAs: string;
  /** Where it is not found by its name: what applications find it by, and what that says when the recovery begins. */
  readonly handOver?: Signpost & { readonly before: string };
  /** Of Route 53's, by which the last change of that is awaited. */
  readonly change?: string;
  readonly snapshotId: string;
  readonly settings: Settings;
  /** Of the resource that has the name when the recovery begins; absent: there is none. */
  readonly originalId?: string;
  /** Of the service's that makes the new one, where it has any, once it was asked for. */
  readonly job?: string;
  /** What its service would not give the new one, and why. Absent: nothing. */
  readonly refused?: readonly { readonly what: string; readonly why: string }[];
  /** Of the new one, once it is there. */
  readonly restoredId?: string;
}

/** @throws IntegrityFault when the record is not one */
export function replacementDetail({ detail, resource }: RecoveryTarget): ReplacementDetail {
  if (isReplacement(detail)) return detail;
  throw integrityFault(`The record of the recovery of ${resource} does not say what it is replaced by.`);
}

/** Whether the new one takes the name that applications know. Else a signpost leads to it, or a person. */
export const takesName = (
  { rename }: Pick<ReplacementService, 'rename'>,
  { handOver }: Pick<ReplacementDetail, 'handOver'>,
): boolean => rename !== undefined && handOver === undefined;

function isReplacement(value: object): value is ReplacementDetail {
  const detail: Partial<Record<keyof ReplacementDetail, unknown>> = value;
  return (
    typeof detail.name === 'string' &&
    typeof detail.madeAs === 'string' &&
    typeof detail.keptAs === 'string' &&
    typeof detail.snapshotId === 'string' &&
    typeof detail.settings === 'object'
  );
}
