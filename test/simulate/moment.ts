/** The moment in which an execution is in a state. */
import { executions, type Stage } from '../scenario/stage.ts';
import type { Armed } from './mishap.ts';
import type { Scenario } from './scenario.ts';

export interface Moment {
  readonly state: string;
  /** After the state was entered for the first time. */
  readonly afterMs: number;
}

const everyMs = 50;

/** Does something at that moment of the first execution that began since. */
export function whenIn(
  stage: Stage,
  { machine }: Scenario,
  { state, afterMs }: Moment,
  act: (executionArn: string) => void,
): Armed {
  const { clock } = stage;
  const known = executions(stage, machine).length;
  let hasCome = false;
  let cancel = (): void => undefined;
  const look = (): void => {
    const execution = executions(stage, machine).toReversed()[known];
    const entered = execution?.events.find((each) => each.type === 'StateEntered' && each.state === state);
    if (execution === undefined || entered === undefined) {
      if (execution?.stopMs === undefined) cancel = clock.at(clock.nowMs() + everyMs, look);
      return;
    }
    cancel = clock.at(entered.timeMs + afterMs, () => {
      hasCome = true;
      act(execution.arn);
    });
  };
  look();
  return { hasHappened: () => hasCome, disarm: () => cancel() };
}

const operator = { kind: 'operator', arn: 'arn:aws:iam::111122223333:user/operator', name: 'operator' } as const;

/** As a person would in the console: no Catch of it runs. */
export function stopExecution({ gateway }: Stage, executionArn: string): void {
  void gateway.perform({ caller: operator, service: 'states', operation: 'StopExecution', input: { executionArn } });
}
