import { expect, it } from 'vitest';
import { settingsOf } from './settings.ts';
import { performanceOf } from './storage.ts';

it.each([
  // What gp3 has of itself, which is refused where it is asked for.
  [{ StorageType: 'gp3', Iops: 3000, StorageThroughput: 125 }, {}],
  [{ StorageType: 'gp3', Iops: 3000 }, {}],
  [{ StorageType: 'gp3' }, {}],
  // What a larger one has of itself, or was given; of SQL Server, one of any size.
  [
    { StorageType: 'gp3', Iops: 12_000, StorageThroughput: 500 },
    { Iops: 12_000, StorageThroughput: 500 },
  ],
  [
    { StorageType: 'gp3', Iops: 3000, StorageThroughput: 250 },
    { Iops: 3000, StorageThroughput: 250 },
  ],
  [
    { StorageType: 'gp3', Iops: 4000, StorageThroughput: 125 },
    { Iops: 4000, StorageThroughput: 125 },
  ],
  [{ StorageType: 'io1', Iops: 3000 }, { Iops: 3000 }],
  [{ StorageType: 'io2', Iops: 40_000, StorageThroughput: 0 }, { Iops: 40_000 }],
  [{ StorageType: 'gp2', Iops: 300 }, {}],
])('asks of a restore, for %j, %j', (instance, asked) => {
  expect(performanceOf(settingsOf(instance))).toEqual(asked);
});
