/** What happened in a case, in the order in which it happened, one line each. */
import { isRead } from '#simulator/kernel/call-log.ts';
import { failuresAddress, reportsAddress } from '../scenario/stage.ts';
import type { Scene } from './scene.ts';
import { stepOf } from './step-of.ts';

interface Line {
  readonly timeMs: number;
  readonly text: string;
}

export function story(scene: Scene): string {
  const lines = [...calls(scene), ...states(scene), ...functions(scene), ...mails(scene), ...held(scene)];
  return lines
    .filter(({ timeMs }) => timeMs >= scene.fromMs)
    .sort((one, other) => one.timeMs - other.timeMs)
    .map(({ timeMs, text }) => `${new Date(timeMs).toISOString().slice(5, 23).replace('T', ' ')}  ${text}`)
    .join('\n');
}

/** All that could change something, and all that went wrong. */
const calls = ({ stage }: Scene): readonly Line[] =>
  stage.calls
    .all()
    .filter(
      ({ call, outcome }) => call.caller.name.startsWith('function:') && (outcome !== 'ok' || !isRead(call.operation)),
    )
    .map(({ call, outcome, errorCode, input }) => ({
      timeMs: call.timeMs,
      text: `${stepOf(call.caller.name)} ${call.service}:${call.operation} ${detailOf(input)}${outcome === 'ok' ? '' : ` ${outcome} ${errorCode ?? ''}`}`,
    }));

const detailOf = (input: unknown): string => {
  const { Item, Key, Parameters, Subject } = Object(input);
  const record: unknown = Item?.record?.M?.state?.S;
  const key = (Item ?? Key)?.sk?.S;
  return [key, record, Parameters?.action, Subject].filter((each) => each !== undefined).join(' ');
};

const states = ({ stage }: Scene): readonly Line[] =>
  stage.services.states
    .executions()
    .flatMap(({ name, events, status, stopMs, error }) => [
      ...events
        .filter(({ type }) => /^State(Entered|Failed|Retried|Caught)$/.test(type))
        .map(({ timeMs, type, state, error: why }) => ({ timeMs, text: `    ${name}: ${type} ${state} ${why ?? ''}` })),
      ...(stopMs === undefined ? [] : [{ timeMs: stopMs, text: `    ${name}: ${status} ${error ?? ''}` }]),
    ]);

const functions = ({ stage }: Scene): readonly Line[] =>
  stage.services.lambda.invocations.flatMap(({ functionName, endMs, error }) =>
    error === undefined ? [] : [{ timeMs: endMs, text: `${stepOf(functionName)} ended with ${error}` }],
  );

const mails = ({ stage }: Scene): readonly Line[] =>
  [failuresAddress, reportsAddress].flatMap((address) =>
    stage.inbox(address).map(({ timeMs, subject }) => ({ timeMs, text: `MAIL to ${address}: ${subject}` })),
  );

const held = ({ witness }: Scene): readonly Line[] =>
  witness.held.flatMap(({ what, fromMs, toMs }) => [
    { timeMs: fromMs, text: `GUEST ${what}` },
    { timeMs: toMs, text: `GUEST no longer ${what}` },
  ]);
