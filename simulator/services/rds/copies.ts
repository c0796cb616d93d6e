/** What snapshots of instances and of clusters have in common as they are copied from another Region. RDS User Guide, USER_CopySnapshot */
import { ApiError } from '../../kernel/service.ts';
import type { ClusterSnapshot } from './cluster-snapshots.ts';
import type { RdsContext } from './context.ts';
import type { OptionGroups } from './option-groups.ts';
import type { Snapshot } from './snapshots.ts';

export interface CopyOptions {
  /** From CopyDBSnapshot or CopyDBClusterSnapshot until `available`. Default 20 minutes. */
  readonly copyMs?: number;
  /** Copies in progress that this Region takes. Default 20. */
  readonly copiesInProgress?: number;
  /** What RDS has in other Regions of the account, as far as there are any. Default: none. */
  readonly elsewhere?: (regionName: string) => Snapshots | undefined;
  /** Default: every key is usable. */
  readonly keyState?: (keyArn: string) => string;
}

interface Snapshots {
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly clusterSnapshots: ReadonlyMap<string, ClusterSnapshot>;
  readonly optionGroups: OptionGroups;
}

interface Order {
  /** ARN. */
  readonly from: string;
  readonly key: string | undefined;
  /** That encrypts the source; undefined: none does. */
  readonly sourceKey: string | undefined;
}

interface UnderWay {
  readonly key: string | undefined;
  isAtWork(): boolean;
  isSourceThere(): boolean;
  end(status: 'available' | 'failed'): void;
}

export type Copies = ReturnType<typeof createCopies>;

export function createCopies({ kernel }: RdsContext, options: CopyOptions) {
  const { copyMs = 1_200_000, copiesInProgress = 20, keyState = () => 'Enabled' } = options;
  const failing = new Set<string>();
  const endless = new Set<string>();
  const begun: UnderWay[] = [];
  const isUsable = (key: string | undefined): boolean => key === undefined || keyState(key) === 'Enabled';

  return {
    arrange: {
      copyFails: (source: string) => void failing.add(source),
      copyNeverEnds: (source: string) => void endless.add(source),
    },
    /** By an ARN of another Region. */
    elsewhere: (arn: string) => {
      const [, , , regionName = '', , , name = ''] = arn.split(':');
      return { name, regionName, there: options.elsewhere?.(regionName) };
    },
    /** @throws ApiError when it cannot be begun, whatever it is of */
    check: ({ from, key, sourceKey }: Order): void => {
      if (sourceKey !== undefined && key === undefined)
        throw new ApiError(
          'InvalidParameterValue',
          'Must specify new KMS key for cross region encrypted snapshot copy.',
        );
      if (!isUsable(key))
        throw new ApiError(
          'KMSKeyNotAccessibleFault',
          `The target KMS key [${key}] does not exist, is not enabled or you do not have permissions to access it.`,
        );
      // AWS does not say whether those of instances and of clusters count together.
      if (begun.filter((each) => each.isAtWork()).length >= copiesInProgress)
        throw new ApiError(
          'SnapshotQuotaExceeded',
          `Cannot copy more than ${copiesInProgress} snapshots across regions: ${from}`,
        );
    },
    follow: (copy: UnderWay, source: string): void => {
      begun.push(copy);
      if (endless.delete(source)) return;
      const isArranged = failing.delete(source);
      kernel.clock.at(kernel.clock.nowMs() + copyMs, () => {
        if (!copy.isAtWork()) return;
        copy.end(isArranged || !copy.isSourceThere() || !isUsable(copy.key) ? 'failed' : 'available');
      });
    },
  };
}
