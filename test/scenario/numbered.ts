/** An application that numbers what it writes: first the files, then rows that say which number the files have. */
import { executions, type Stage } from './stage.ts';

export interface NumberedApplication {
  /** Not while it is held. */
  isAtWork(): boolean;
  write(number: number): void;
}

const busyMs = 1000;
const idleMs = 60_000;

/** Begins with number 1, and goes on while the application is at work, until somebody begins to recover it. */
export function writeNumbers(stage: Stage, application: NumberedApplication): void {
  let number = 0;
  const write = (): void => {
    if (executions(stage, 'recover').length > 0) return;
    if (application.isAtWork()) {
      number += 1;
      application.write(number);
    }
    const isBusy = executions(stage, 'protect').some(({ status }) => status === 'RUNNING');
    stage.clock.at(stage.clock.nowMs() + (isBusy ? busyMs : idleMs), write);
  };
  write();
}

/** Whether all that runs on the instance does. */
export const runsOn = ({ services: { ec2 } }: Stage, instanceId: string): boolean =>
  ec2.world
    .guest(instanceId)
    .inspect()
    .applications.every(({ status }) => status === 'running');
