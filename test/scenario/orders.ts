/** An application whose rows are in a DB instance and whose files are on EFS: a row says which number the files have, and is written after them. */
import { runsOn, writeNumbers } from './numbered.ts';
import { databaseId, databaseName } from './policy.ts';
import type { Stage } from './stage.ts';

export const fileSystemId = 'fs-0a1b2c3d4e5f60718';
/** Of SSM: by it the application finds its files. */
export const filesParameter = '/orders/files';
/** AWS Backup reads them one after another. */
export const orderFiles = ['/orders/first', '/orders/last'] as const;

export function launchOrders(stage: Stage): void {
  const { rds, efs, ssm } = stage.services;
  rds.world.launch({ name: databaseName });
  efs.world.create({ id: fileSystemId, files: Object.fromEntries(orderFiles.map((path) => [path, '0'])) });
  ssm.parameters.set(filesParameter, fileSystemId);
  writeNumbers(stage, {
    isAtWork: () => runsOn(stage, databaseId),
    write: (number) => {
      for (const path of orderFiles) efs.world.fileSystem(fileSystemId).files.set(path, String(number));
      rds.world.instance(databaseName).rows.push(String(number));
    },
  });
}
