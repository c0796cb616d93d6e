/**
 * How an instance or a cluster gets another name: it stays available under the old one for a while, with the new one among what is
 * pending; then it is `renaming`, soon under the new name, and available at last. https://github.com/boto/boto3/issues/609
 */
import type { ApiError, Kernel } from '../../kernel/service.ts';
import type { RdsOptions } from './rds.ts';

export interface Named {
  name: string;
  status: string;
  /** The name that it was asked to have, until it has it. */
  pendingName?: string | undefined;
}

/** It has the new name after this share of its time. */
const takeover = 1 / 6;

interface Kind<Record extends Named> {
  /** By their names. */
  readonly all: Map<string, Record>;
  /** The answer for a name that another has, or is about to have. */
  taken(name: string): ApiError;
  /** What else knows it by its name; asked before it has the new one. */
  readonly follow?: (record: Record, name: string) => void;
}

export function createRenaming<Record extends Named>(
  { clock }: Kernel,
  { renameLagMs = 5_000, renameMs = 120_000 }: RdsOptions,
  { all, taken, follow }: Kind<Record>,
) {
  const after = (ms: number, then: () => void) => clock.at(clock.nowMs() + ms, then);
  const to = (record: Record, name: string): void => {
    record.pendingName = name;
    after(renameLagMs, () => {
      record.status = 'renaming';
    });
    after(renameLagMs + renameMs * takeover, () => {
      follow?.(record, name);
      all.delete(record.name);
      Object.assign(record, { name, pendingName: undefined });
      all.set(name, record);
    });
    after(renameLagMs + renameMs, () => {
      record.status = 'available';
    });
  };
  const refuseTaken = (name: string): void => {
    if (all.has(name) || [...all.values()].some(({ pendingName }) => pendingName === name)) throw taken(name);
  };
  return { to, refuseTaken };
}
