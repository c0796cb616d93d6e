import { integrityFault } from '#domain/faults.ts';
import type { RecoveryTarget } from '#domain/recovery.ts';
import type { AliasSettings } from './indices.ts';

/** What the ledger keeps of the indices of one domain that are brought back beside the present ones. */
export interface IndicesDetail extends Record<string, unknown> {
  /** Name of the domain. */
  readonly domain: string;
  readonly repository: string;
  readonly snapshotId: string;
  /** What the names of the recovered ones end in: `-new-0a1b2c`. */
  readonly ending: string;
  readonly moves: readonly Move[];
}

/** One index. */
export interface Move {
  /** As it was called, and is, if it still exists. */
  readonly index: string;
  readonly madeAs: string;
  /** Aliases that shall lead to the recovered one. */
  readonly leads: readonly Lead[];
}

export interface Lead {
  readonly alias: string;
  /** Where it leads when the recovery begins. Absent: there is none, and it is to stand in for the index, which does not exist any more. */
  readonly from?: string;
  readonly settings: AliasSettings;
}

/** @throws IntegrityFault when the record is not one */
export function indicesDetail({ detail, resource }: RecoveryTarget): IndicesDetail {
  if (isIndicesDetail(detail)) return detail;
  throw integrityFault(`The record of the recovery of ${resource} does not say which indices are brought back.`);
}

function isIndicesDetail(value: object): value is IndicesDetail {
  const detail: Partial<Record<keyof IndicesDetail, unknown>> = value;
  const texts = [detail.domain, detail.repository, detail.snapshotId, detail.ending];
  return texts.every((text) => typeof text === 'string') && Array.isArray(detail.moves);
}
