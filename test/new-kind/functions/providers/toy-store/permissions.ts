import type { Permissions, Statement } from '../permissions.ts';

const stores = 'arn:${partition}:toystore:${region}:${account}:store/*';
const snapshots = 'arn:${partition}:toystore:${region}:${account}:snapshot/holdfast-*';
const on = (resource: string, ...operations: readonly string[]): Statement => ({
  actions: operations.map((operation) => `toystore:${operation}`),
  resources: [resource],
});

const seeing = on(stores, 'DescribeStore');
const seeingSnapshots = on(snapshots, 'DescribeSnapshot');
const listing = on('*', 'ListSnapshots');

export const permissions: Permissions = {
  'plan-run': [seeing],
  'begin-tiers': [on(stores, 'CreateSnapshot'), on(snapshots, 'CreateSnapshot', 'DescribeSnapshot'), listing],
  settle: [on(snapshots, 'DescribeSnapshot', 'TagSnapshot'), listing],
  'plan-recovery': [seeing, seeingSnapshots, listing],
  'create-volumes': [seeing, on(stores, 'RestoreStore'), on(snapshots, 'RestoreStore')],
  'detach-volumes': [on(stores, 'DescribeStore', 'RenameStore', 'TagStore')],
  'attach-volumes': [on(stores, 'DescribeStore', 'RenameStore')],
  'verify-recovery': [seeing],
  'commit-recovery': [seeing],
  'roll-back': [on(stores, 'DescribeStore', 'RenameStore', 'UntagStore')],
  'abandon-recovery': [seeing],
  retire: [on(snapshots, 'DescribeSnapshot', 'DeleteSnapshot'), listing],
};
