/** EBS's limits, as data. Sources: EBS user guide (ebs-resource-quotas), EC2 error codes, EC2 API InstanceSpecification. */

/** Pending snapshots of one Region and account; not adjustable (Service Quotas L-94D7AB7D). */
export const pendingPerRegion = 100;

/** Pending snapshots of one volume, those in error included. */
export const pendingPerVolume = (volumeType: string): number => (volumeType === 'st1' || volumeType === 'sc1' ? 1 : 5);

/** Least time between two snapshots of one volume. */
export const spacingSeconds = 15;

/** Data volumes that CreateSnapshots can leave out. */
export const setExclusions = 40;

/** Copies in progress into one Region; raised by Support alone. */
export const copiesUnderWay = 20;

/** CreateImage's token bucket: that of all that has none of its own. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
export const createImageBucket = { name: 'CreateImage', capacity: 50, refillPerSecond: 5 } as const;

/** CreateSnapshots' token bucket. */
export const createSnapshotsBucket = { name: 'CreateSnapshots', capacity: 100, refillPerSecond: 5 } as const;
