/** Workloads on instances of which scenarios tell. */
import { fileSystemId, filesParameter, launchOrders, orderFiles } from '../scenario/orders.ts';
import { appliance, applianceId, database, databaseId, databaseName } from '../scenario/policy.ts';
import { minuteMs } from '../scenario/stage.ts';
import { launchWindows, windows, windowsDevices, windowsId } from '../scenario/windows.ts';
import type { Content } from './content.ts';
import { copyMisfortunes, databaseMisfortunes, momentMisfortunes } from './misfortunes.ts';
import { fittingNumbers } from './numbered-content.ts';
import type { Subject } from './subject.ts';

/** Four volumes, two hooks, a verify script. */
export const database1: Subject = {
  workload: 'orders-db',
  instanceId: databaseId,
  devices: ['/dev/sdf', '/dev/sdg', '/dev/sdh', '/dev/sdi'],
  typed: database({ recovery: { verify: '/opt/holdfast/verify', keepReplacedDays: 1 } }),
};
/** One volume, nothing else; whatever is looked for comes in two pages, so that no second page is left to chance. */
export const appliance1: Subject = {
  workload: 'appliance',
  instanceId: applianceId,
  devices: ['/dev/sdh'],
  typed: appliance({ recovery: { keepReplacedDays: 1 } }),
  shortPages: 1,
};
const { quiesce } = database1.typed;
export const unheldAllowed: Subject = {
  ...database1,
  typed: { ...database1.typed, ...(quiesce ? { quiesce: { ...quiesce, onFailure: 'crash-consistent' } } : {}) },
};
export const littered: Subject = {
  ...database1,
  launch: ({ services: { ec2 } }) => ec2.world.guest(databaseId).write('/mnt/sdf/TEMP.usage', 'of that night'),
  temporary: ['/mnt/sdf/TEMP.usage'],
  typed: {
    ...database1.typed,
    recovery: { ...database1.typed.recovery, cleanUp: [{ roots: ['/mnt/sdf'], files: ['TEMP.*'] }] },
  },
};
/** Its rows are in a DB instance, its files on the disks that these refer to. */
export const ordered: Subject = {
  ...database1,
  heldMs: 6 * minuteMs,
  misfortunes: databaseMisfortunes,
  launch: ({ services: { rds } }) => rds.world.launch({ name: databaseName }),
  typed: {
    ...database1.typed,
    members: [
      { kind: 'rds', resource: databaseName },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    quiesce: {
      hooks: [
        { kind: 'command', quiesce: '/opt/holdfast/quiesce', release: '/opt/holdfast/release', deadlineSeconds: 360 },
      ],
    },
    window: '6m',
  },
};
const contentOfOrders: Content = {
  inUse: ({ services: { efs, rds, ssm } }) => ({
    rows: [[...rds.world.instance(databaseName).rows]],
    files: efs.world.fileSystem(ssm.parameters.get(filesParameter) ?? '').files,
  }),
  unfitting: fittingNumbers(orderFiles),
};
/** Its rows are a moment of the DB instance's own backup; its files are on EFS, and on disks of the instance that moves restored files. */
export const filed: Subject = {
  ...ordered,
  content: contentOfOrders,
  hasMoment: true,
  misfortunes: {
    protect: [...copyMisfortunes.protect, momentMisfortunes],
    recover: [...copyMisfortunes.recover, ...databaseMisfortunes.recover],
  },
  launch: launchOrders,
  typed: {
    ...ordered.typed,
    members: [
      { kind: 'rds', resource: databaseName, continuous: true },
      { kind: 'efs', resource: fileSystemId, parameter: filesParameter, tier: 2 },
      { kind: 'ebs', instance: { tags: { Name: 'orders-db' } }, volumes: 'data', tier: 2 },
    ],
    // No longer than RDS keeps moments.
    retention: { days: 7, minimum: 3 },
  },
};
/** Its snapshots are taken by the guest itself. */
export const windows1: Subject = {
  ...{ workload: 'orders-windows', instanceId: windowsId, devices: windowsDevices, typed: windows() },
  launch: launchWindows,
};
/** What an undoing and an abandoning look for comes in two pages, too. */
export const paged: Subject = { ...database1, shortPages: 1 };
export const twoDays: Subject = { ...appliance1, typed: { ...appliance1.typed, retention: { days: 2, minimum: 1 } } };
