/** A Windows guest, whose snapshots AWS's own document takes through VSS. */
import type { PolicyInput } from '#domain/policy-schema.ts';
import { parsePolicy } from '#simulator/iam/policy.ts';
import type { Region } from '#simulator/region.ts';
import type { LaunchSpec } from '#simulator/services/ec2/launch-spec.ts';
import { database } from './policy.ts';

export const windowsId = 'i-0a1d0a5000000c0de';
export const windowsDevices = ['xvdf', 'xvdg'] as const;

const roleArn = 'arn:aws:iam::111122223333:role/orders-windows';

type WorkloadInput = PolicyInput['workloads'][string];

/** All volumes but the root, held still by VSS. */
export const windows = (changes: Partial<WorkloadInput> = {}): WorkloadInput =>
  database({
    members: [{ kind: 'ebs', instance: { id: windowsId }, volumes: 'data' }],
    quiesce: { hooks: [{ kind: 'windows-vss' }] },
    recovery: {},
    ...changes,
  });

/** As much of AWSEC2VssSnapshotPolicy as the document uses here. */
export const vssPolicy = {
  Statement: [{ Effect: 'Allow', Action: ['ec2:CreateSnapshots', 'ec2:CreateTags'], Resource: 'arn:aws:ec2:*:*:*' }],
};

/** @param may what the instance's role allows */
export function launchWindows(
  { identities, services: { ec2 } }: Pick<Region, 'identities' | 'services'>,
  spec: Partial<LaunchSpec> = {},
  may: object = vssPolicy,
): void {
  identities.register('windows', {
    caller: { kind: 'role', arn: roleArn, name: 'instance:windows' },
    policies: [parsePolicy('AWSEC2VssSnapshotPolicy', may)],
  });
  const files = windowsDevices.map((device) => `/mnt/${device}/data`);
  ec2.world.launchInstance({
    ...{ id: windowsId, name: 'orders-windows', platform: 'Windows', roleArn, vssComponents: true },
    volumes: windowsDevices.map((device) => ({ device, sizeGib: 50, mountPoint: `/mnt/${device}` })),
    applications: [{ name: 'mssql', files }],
    ...spec,
  });
}
