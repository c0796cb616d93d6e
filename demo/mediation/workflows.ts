/**
 * What the workflows of the platform do: of each batch they make a file, a row that refers to the file, and a key in MemoryDB by which they know
 * the batch again.
 */
import type { Region } from '#simulator/region.ts';

/** As `examples/mediation.yaml` names them. */
export const databaseName = 'mediation-system';
export const clusterName = 'mediation-aggregation';
export const fileSystemId = 'fs-0a1b2c3d4e5f60718';
/** Where they find the cluster, and the file system. */
export const clusterParameter = '/mediation/aggregation';
export const filesParameter = '/mediation/files';
/** It mounts the file system, too. */
export const hostId = 'i-0b5e55ed000000001';

export interface Workflows {
  /** Ends the batch in hand, and begins another. */
  work(): void;
  /** Ends the batch in hand. */
  finish(): void;
  /** Moves temporary files to a disk that is not backed up. */
  clearAway(): void;
  bringBack(): void;
  /** So many files are away. */
  away(): number;
  contents(): Contents;
}

/** Of all that was made so far. */
export interface Contents {
  readonly rows: readonly string[];
  readonly keys: readonly string[];
  readonly files: readonly string[];
}

/** One batch in so many leaves something behind for later. */
const leavesEvery = 20;

/** Files that must be in no copy: `TEMP.*`, and all in `tmp`, `DR_TMP_DIR` and `pending`. */
export const isTemporary = (path: string): boolean => /\/TEMP\.[^/]*$|\/(tmp|DR_TMP_DIR|pending)\//.test(path);

/** The file that a row refers to. */
export const fileOf = (row: string): string => `/out/${row}`;

/** @param endpoint `clustercfg.<name>.…:6379`. @returns the name of the cluster */
export const clusterAt = (endpoint = ''): string => endpoint.split('.')[1] ?? '';

export function createWorkflows({ services }: Region): Workflows {
  const scratch = new Map<string, string>();
  let count = 0;
  const { efs, rds, memorydb, ssm } = services;
  const files = () => efs.world.fileSystem(ssm.parameters.get(filesParameter) ?? '').files;
  const shards = () => memorydb.world.clusters.get(clusterAt(ssm.parameters.get(clusterParameter)))?.shards ?? [];
  const finish = (): void => {
    if (!files().delete(`/in/TEMP.${count}`)) return;
    const row = `batch-${count}`;
    files().set(fileOf(row), 'records');
    rds.world.instance(databaseName).rows.push(row);
    shards()[count % 2]?.push(row);
  };
  return {
    finish,
    work: () => {
      finish();
      count += 1;
      files().set(`/in/TEMP.${count}`, 'half of a batch');
      if (count % leavesEvery === 0) files().set(`/pending/batch-${count}`, 'what came too early');
    },
    clearAway: () => move([...files().keys()].filter(isTemporary), files(), scratch),
    bringBack: () => move([...scratch.keys()], scratch, files()),
    away: () => scratch.size,
    contents: () => ({
      rows: [...rds.world.instance(databaseName).rows],
      keys: shards().flat(),
      files: [...files().keys()].filter((path) => !isTemporary(path)),
    }),
  };
}

function move(paths: readonly string[], from: Map<string, string>, to: Map<string, string>): void {
  for (const path of paths) {
    to.set(path, from.get(path) ?? '');
    from.delete(path);
  }
}
