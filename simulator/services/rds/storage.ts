/** RDS User Guide, CHAP_Storage, "gp3 storage": what a volume has of itself, and from which size on more can be asked for. */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';

type Performance = Pick<Rds.DBInstance, 'Iops' | 'StorageThroughput'>;
type Storage = Pick<Rds.DBInstance, 'Engine' | 'AllocatedStorage' | 'StorageType'>;

/** Undefined: more can be asked for at any size, and no size brings more. */
function stripedFromGib({ Engine = '' }: Storage): number | undefined {
  if (Engine.startsWith('sqlserver')) return undefined;
  return Engine.startsWith('oracle') ? 200 : 400;
}

const isSmall = (storage: Storage): boolean => (storage.AllocatedStorage ?? 0) < (stripedFromGib(storage) ?? 0);
const isStriped = (storage: Storage): boolean => stripedFromGib(storage) !== undefined && !isSmall(storage);

/** With what a description tells of gp3 that nobody has asked for. */
export function withPerformance(settings: Partial<Rds.DBInstance>): Partial<Rds.DBInstance> {
  if (settings.StorageType !== 'gp3') return settings;
  const least = isStriped(settings) ? { Iops: 12_000, StorageThroughput: 500 } : { Iops: 3000, StorageThroughput: 125 };
  return { ...least, ...settings };
}

/** In the words of github.com/crossplane-contrib/provider-aws/issues/1630. */
export function refusePerformance({ Iops, StorageThroughput }: Performance, storage: Storage): void {
  const isAsked = Iops !== undefined || StorageThroughput !== undefined;
  if (!isAsked || storage.StorageType !== 'gp3' || !isSmall(storage)) return;
  throw new ApiError(
    'InvalidParameterCombination',
    `You can't specify IOPS or storage throughput for engine ${storage.Engine} and a storage size less than ${stripedFromGib(storage)}.`,
  );
}
