/** Functions that die, executions that are stopped, events that EventBridge does not bring as it should. */
import type { EventFaultRule } from '#simulator/kernel/faults.ts';
import type { ServiceEvent } from '#simulator/kernel/service.ts';
import { minuteMs } from '../scenario/stage.ts';
import type { Mishap } from './mishap.ts';
import { stopExecution, whenIn } from './moment.ts';
import type { CrashPoint, EventPoint, StatePoint } from './recording.ts';

/** The function's sandbox dies. It costs nothing but where the state machine must not call it again: a hold is never tried twice. */
export const crash = ({ functionName, step, nth, afterCalls }: CrashPoint): Mishap => ({
  id: `${step}:crash:${nth}:${afterCalls}`,
  group: 'crashes',
  isHarmless: step !== 'Quiesce',
  arm: ({ services: { lambda } }) => {
    const before = lambda.invocations.length;
    const disarm = lambda.crash({ functionName, afterCalls, skip: nth });
    const hasHappened = () =>
      lambda.invocations
        .slice(before)
        .some((each) => each.functionName === functionName && each.error === 'Runtime.ExitError');
    return { hasHappened, disarm };
  },
});

/** Parts of a state's time at which its execution is ended. */
const shares = [0, 0.5, 0.95];

/** Somebody stops the execution, or its time is up: no Catch of it runs. */
export const endings = ({ state, durationMs }: StatePoint): readonly Mishap[] =>
  shares.flatMap((share) =>
    (['abort', 'timeout'] as const).map(
      (how): Mishap => ({
        id: `${state}:${how}:${share}`,
        group: how === 'abort' ? 'aborts' : 'timeouts',
        arm: (stage, scenario) =>
          whenIn(stage, scenario, { state, afterMs: Math.round(durationMs * share) }, (executionArn) => {
            if (how === 'timeout') stage.services.states.arrange.timeOut(executionArn);
            else stopExecution(stage, executionArn);
          }),
      }),
    ),
  );

type Outcome = EventFaultRule['outcome'];

/** Of events of a kind every second one overtakes the one before it. */
const outcomes = {
  dropped: ['drop', 1],
  doubled: ['double', 1],
  late: [{ delayMs: 10 * minuteMs }, 1],
  'out-of-order': [{ delayMs: 90_000 }, 2],
} as const satisfies Record<string, readonly [Outcome, number]>;

/** What happens to all events of a kind within an hour or so. Only a schedule that never fires costs a night. */
export const eventMishaps = ({ name, source, detailType, rule: part }: EventPoint): readonly Mishap[] =>
  Object.entries(outcomes).map(([how, [outcome, every]]) => ({
    id: `events:${name}:${how}`,
    group: 'events',
    isHarmless: !(name === 'schedule' && how === 'dropped'),
    arm: ({ faults, clock }) => {
      const untilMs = clock.nowMs() + 65 * minuteMs;
      let seen = -1;
      const when = ({ resources }: ServiceEvent) => {
        if (clock.nowMs() >= untilMs || !(part === undefined || resources.join().includes(part))) return false;
        seen += 1;
        return seen % every === 0;
      };
      const rule: EventFaultRule = { source, detailType, when, times: Infinity, outcome };
      const disarm = faults.add(rule);
      return { hasHappened: () => !faults.unused().includes(rule), disarm };
    },
  }));
