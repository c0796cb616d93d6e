/** A service that AWS does not have: stores of toys, and snapshots of them. */
import * as z from 'zod/mini';
import { jsonCaller } from '#platform/aws/json-caller.ts';
import { unlessCalled } from '#platform/aws-errors.ts';
import { lazy } from '#platform/lazy.ts';
import type { Tags } from '../tag-list.ts';

const tags = z.record(z.string(), z.string());
const storeSchema = z.object({ Id: z.string(), Status: z.string(), Street: z.string(), Tags: tags });
const snapshotSchema = z.object({
  ...{ Name: z.string(), Status: z.string(), StartedAt: z.string(), Tags: tags },
  FixedAt: z.optional(z.string()),
});
export type Store = z.infer<typeof storeSchema>;
export type StoreSnapshot = z.infer<typeof snapshotSchema>;

const call = lazy(() => jsonCaller({ id: 'ToyStore', host: 'toystore', version: '1.0', target: 'ToyStore' }));
const nothing = z.unknown();

export async function storeNamed(Name: string): Promise<Store | undefined> {
  const schema = z.object({ Store: storeSchema });
  return (await call()('DescribeStore', { Name }, schema).catch(unlessCalled('StoreNotFound')))?.Store;
}

export async function snapshotNamed(Name: string): Promise<StoreSnapshot | undefined> {
  const schema = z.object({ Snapshot: snapshotSchema });
  return (await call()('DescribeSnapshot', { Name }, schema).catch(unlessCalled('SnapshotNotFound')))?.Snapshot;
}

export const allSnapshots = async (): Promise<readonly StoreSnapshot[]> =>
  (await call()('ListSnapshots', {}, z.object({ Snapshots: z.array(snapshotSchema) }))).Snapshots;

export const createSnapshot = async (Name: string, StoreName: string, Tags: Tags): Promise<StoreSnapshot> =>
  (await call()('CreateSnapshot', { Name, StoreName, Tags }, z.object({ Snapshot: snapshotSchema }))).Snapshot;

export const deleteSnapshot = (Name: string) => call()('DeleteSnapshot', { Name }, nothing);
export const tagSnapshot = (Name: string, Tags: Tags) => call()('TagSnapshot', { Name, Tags }, nothing);
export const tagStore = (Name: string, Tags: Tags) => call()('TagStore', { Name, Tags }, nothing);
export const untagStore = (Name: string, TagKeys: readonly string[]) =>
  call()('UntagStore', { Name, TagKeys }, nothing);
export const renameStore = (Name: string, NewName: string) => call()('RenameStore', { Name, NewName }, nothing);
export const restoreStore = (Name: string, SnapshotName: string, Tags: Tags) =>
  call()('RestoreStore', { Name, SnapshotName, Tags }, nothing);
