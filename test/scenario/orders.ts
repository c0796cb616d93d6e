/** An application whose rows are in a DB instance and whose files are on EFS: a row says which number the files have, and is written after them. */
import { databaseId, databaseName } from './policy.ts';
import { executions, type Stage } from './stage.ts';

export const fileSystemId = 'fs-0a1b2c3d4e5f60718';
/** Of SSM: by it the application finds its files. */
export const filesParameter = '/orders/files';
/** AWS Backup reads them one after another. */
const paths = ['/orders/first', '/orders/last'] as const;

const busyMs = 1000;
const idleMs = 60_000;

/** Begins with number 1, and goes on while the application on the instance is at work, until somebody begins to recover it. */
export function launchOrders(stage: Stage): void {
  const { rds, efs, ssm } = stage.services;
  rds.world.launch({ name: databaseName });
  efs.world.create({ id: fileSystemId, files: Object.fromEntries(paths.map((path) => [path, '0'])) });
  ssm.parameters.set(filesParameter, fileSystemId);
  let number = 0;
  const write = (): void => {
    if (executions(stage, 'recover').length > 0) return;
    if (isAtWork(stage)) {
      number += 1;
      for (const path of paths) efs.world.fileSystem(fileSystemId).files.set(path, String(number));
      rds.world.instance(databaseName).rows.push(String(number));
    }
    const isBusy = executions(stage, 'protect').some(({ status }) => status === 'RUNNING');
    stage.clock.at(stage.clock.nowMs() + (isBusy ? busyMs : idleMs), write);
  };
  write();
}

const isAtWork = ({ services: { ec2 } }: Stage): boolean =>
  ec2.world
    .guest(databaseId)
    .inspect()
    .applications.every(({ status }) => status === 'running');

/** The numbers of the files, in the order in which they are read; those that are missing are no numbers. */
export const numbersOf = (files: ReadonlyMap<string, string>): readonly number[] =>
  paths.map((path) => Number(files.get(path)));
