/**
 * What a restore may be told of its storage's performance. A gp3 volume has 3,000 IOPS and 125 MiB/s of itself: RDS shows them though nobody has asked for
 * them, and refuses them when it is asked (`InvalidParameterCombination`) below 400 GiB, of Oracle below 200. From there on it has 12,000 and 500 at least,
 * and may have more; so may any of SQL Server, whose size does not matter. What is not the least can be asked for, then, and the least need not be, though
 * the restoring call's reference says that gp3 needs `Iops` (github.com/cloudtools/troposphere/pull/2153).
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage, github.com/crossplane-contrib/provider-aws/issues/1630
 */
import type { RestoreDBInstanceFromDBSnapshotMessage } from '@aws-sdk/client-rds';
import type { RdsSettings } from './settings.ts';

const least = { iops: 3000, storageThroughput: 125 };

type Performance = Pick<RestoreDBInstanceFromDBSnapshotMessage, 'Iops' | 'StorageThroughput'>;

export function performanceOf({ storageType = '', ...known }: RdsSettings): Performance {
  const { iops, storageThroughput } = { ...least, ...known };
  if (storageType === 'io1' || storageType === 'io2') return { Iops: known.iops };
  if (storageType !== 'gp3' || (iops === least.iops && storageThroughput === least.storageThroughput)) return {};
  return { Iops: iops, StorageThroughput: storageThroughput };
}
