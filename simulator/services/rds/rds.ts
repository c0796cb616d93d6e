/**
 * RDS: DB instances and their manual snapshots, as far as backups and recoveries see them. A database's content is a list of rows; a
 * snapshot has those that were there when it was cut.
 */
import type * as Rds from '@aws-sdk/client-rds';
import { arn } from '../../iam/arn.ts';
import type { Kernel, Service } from '../../kernel/service.ts';
import { rdsAccess } from './access.ts';
import { createInstances, type DatabaseSpec, type Instance } from './instances.ts';
import { createSnapshots, type Snapshot } from './snapshots.ts';

/** Durations in virtual milliseconds. */
export interface RdsOptions {
  /** From CreateDBSnapshot until `available`. Default 6 minutes. */
  readonly snapshotMs?: number;
  /** Of a restore. Default 10 minutes. */
  readonly restoreMs?: number;
  /** Of changed settings. Default 90 seconds. */
  readonly modifyMs?: number;
  /** From an accepted renaming until it is available under the new name. Default 2 minutes. */
  readonly renameMs?: number;
}

export interface RdsService extends Service {
  readonly world: {
    /** Launches an instance that is available at once. */
    launch(spec: DatabaseSpec): void;
    /** @throws Error when there is none of that name */
    instance(name: string): Instance;
    readonly instances: ReadonlyMap<string, Instance>;
    readonly snapshots: ReadonlyMap<string, Snapshot>;
  };
  readonly arrange: {
    /** The next snapshot ends as `failed` instead of `available`. */
    nextSnapshotFails(): void;
    /** The next snapshot stays `creating` for ever. */
    nextSnapshotNeverEnds(): void;
    /** The next restored instance ends as `incompatible-restore`. */
    nextRestoreFails(): void;
    /** Somebody deletes it. */
    snapshotDeleted(name: string): void;
    /** As if somebody else had changed the instance's state. */
    setStatus(name: string, status: string): void;
  };
}

/** What the parts of the service share. */
export interface RdsContext {
  readonly kernel: Kernel;
  readonly arnOf: (type: 'db' | 'og' | 'pg' | 'snapshot' | 'subgrp', name: string) => string;
}

export const tagList = (tags: ReadonlyMap<string, string>): Rds.Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

export function createRds(kernel: Kernel, options: RdsOptions = {}): RdsService {
  const context: RdsContext = { kernel, arnOf: (type, name) => arn(kernel, 'rds', `${type}:${name}`) };
  const instances = createInstances(context, options);
  const snapshots = createSnapshots(context, instances, options.snapshotMs ?? 360_000);
  const tagsOf = (resourceArn: string) => instances.byArn(resourceArn)?.tags ?? snapshots.byArn(resourceArn)?.tags;
  return {
    name: 'rds',
    operations: { ...instances.operations, ...snapshots.operations },
    access: (operation, input) => rdsAccess(context, tagsOf, operation, Object(input)),
    world: {
      launch: instances.launch,
      instance: instances.named,
      instances: instances.all,
      snapshots: snapshots.all,
    },
    arrange: {
      ...snapshots.arrange,
      ...instances.arrange,
      setStatus: (name, status) => {
        instances.named(name).status = status;
      },
    },
  };
}
