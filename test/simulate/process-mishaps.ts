/** Functions that die, executions that are stopped, events that EventBridge does not bring as it should. */
import type { EventFaultRule } from '#simulator/kernel/faults.ts';
import type { ServiceEvent } from '#simulator/kernel/service.ts';
import { minuteMs } from '../scenario/stage.ts';
import type { Mishap } from './mishap.ts';
import { whenIn } from './moment.ts';
import type { EventPoint, InvocationPoint, StatePoint } from './recording.ts';

/** The function's sandbox dies after each of its calls, and before the first. */
export const crashes = ({ functionName, step, nth, calls }: InvocationPoint): readonly Mishap[] =>
  Array.from({ length: calls === 0 ? 0 : calls + 1 }, (_, afterCalls) => ({
    id: `${step}:crash:${nth}:${afterCalls}`,
    group: 'crashes',
    arm: ({ services: { lambda } }) => {
      const before = lambda.invocations.length;
      lambda.crash({ functionName, afterCalls, skip: nth });
      return () =>
        lambda.invocations
          .slice(before)
          .some((each) => each.functionName === functionName && each.error === 'Runtime.ExitError');
    },
  }));

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
            const { states } = stage.services;
            if (how === 'timeout') return states.arrange.timeOut(executionArn);
            const caller = {
              kind: 'operator',
              arn: 'arn:aws:iam::111122223333:user/operator',
              name: 'operator',
            } as const;
            void stage.gateway.perform({
              caller,
              service: 'states',
              operation: 'StopExecution',
              input: { executionArn },
            });
          }),
      }),
    ),
  );

const outcomes = {
  dropped: 'drop',
  doubled: 'double',
  late: { delayMs: 10 * minuteMs },
} as const satisfies Record<string, EventFaultRule['outcome']>;

/** All events of a kind within an hour or so are dropped, doubled or late. Only a schedule that never fires costs a night. */
export const eventMishaps = ({ name, source, detailType, rule: part }: EventPoint): readonly Mishap[] =>
  Object.entries(outcomes).map(([how, outcome]) => ({
    id: `events:${name}:${how}`,
    group: 'events',
    isHarmless: !(name === 'schedule' && how === 'dropped'),
    arm: ({ faults, clock }) => {
      const untilMs = clock.nowMs() + 65 * minuteMs;
      const when = ({ resources }: ServiceEvent) =>
        clock.nowMs() < untilMs && (part === undefined || resources.join().includes(part));
      const rule: EventFaultRule = { source, detailType, when, times: Infinity, outcome };
      faults.add(rule);
      return () => !faults.unused().includes(rule);
    },
  }));
