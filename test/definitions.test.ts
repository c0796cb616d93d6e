/** The definitions as they are deployed, without running them; each check is seen to fail on a definition that was broken for it. */
import { describe, expect, test } from 'vitest';
import { functionTable, type MachineName, pascalCase, steps } from '#infra/function-table.ts';
import {
  busyProblems,
  catchAllProblems,
  errorNameProblems,
  languageProblems,
  placeholderProblems,
  taskProblems,
  unsupportedProblems,
} from './definitions/checks.ts';
import { deployed, parseDefinition, type State, statesOf } from './definitions/definition.ts';
import { secondsInDanger } from './definitions/durations.ts';
import { type Danger, wayOutProblems } from './definitions/way-out.ts';

const machines: readonly MachineName[] = ['protect', 'recover'];
const window: Danger = { from: 'Quiesce', through: ['Release', 'ReleaseAfterFailure'] };
const changing: Danger = { from: 'CreateVolumes', through: ['RollBack'], over: ['CommitRecovery'] };
/** Of the filesystem hook, the shorter one: docs/policy/quiesce.md. */
const defaultDeadlineSeconds = 30;

const protect = () => parseDefinition(deployed('protect'));
const recover = () => parseDefinition(deployed('recover'));

/** The definition with some text replaced, which must be there. */
function broken(machine: MachineName, text: string | RegExp, replacement: string): unknown {
  const before = JSON.stringify(deployed(machine));
  const after = before.replace(text, () => replacement);
  if (after === before) throw new Error(`${machine} does not contain ${text}: the test breaks nothing`);
  return JSON.parse(after);
}
const parsedBroken = (machine: MachineName, text: string | RegExp, replacement: string) =>
  parseDefinition(broken(machine, text, replacement));

describe.each(machines)('%s', (machine) => {
  test('is valid Amazon States Language with documented fields only', () => {
    expect(languageProblems(deployed(machine))).toEqual([]);
  });
  test('uses nothing that the engine under test would silently ignore', () => {
    expect(unsupportedProblems(deployed(machine))).toEqual([]);
  });
  test('names functions that there are', () => {
    expect(placeholderProblems(deployed(machine))).toEqual([]);
  });
  test('retries and catches errors that can happen, States.ALL alone and last', () => {
    const definition = parseDefinition(deployed(machine));
    expect([...errorNameProblems(definition), ...catchAllProblems(definition)]).toEqual([]);
  });
  test('gives every task a timeout and a catch', () => {
    expect(taskProblems(parseDefinition(deployed(machine)))).toEqual([]);
  });
  test('ends by itself in the end', () => {
    expect(parseDefinition(deployed(machine)).TimeoutSeconds).toBeGreaterThan(0);
  });
});

test('no function outlives its state, so that what follows never runs beside it', () => {
  const late = machines
    .flatMap((machine) => statesOf(parseDefinition(deployed(machine))))
    .filter(({ state }) => state.Type === 'Task')
    .filter(({ state }) => Number(functionOf(state)?.timeoutSeconds) > (state.TimeoutSeconds ?? Infinity))
    .map(({ name }) => name);
  expect(late).toEqual([]);
});

/** `quiesce` and `begin-tiers` have no fixed time: it follows from the policy, and their states' from the plan. */
function functionOf(state: State) {
  const step = steps.find((name) => JSON.stringify(state).includes(`\${${pascalCase(name)}}`));
  return step === undefined ? undefined : functionTable[step];
}

test('every step that no event invokes is in a state machine', () => {
  const text = machines.map((machine) => JSON.stringify(deployed(machine))).join();
  const invoked = steps.filter((step) => text.includes(`\${${pascalCase(step)}}`));
  const idle = steps.filter((step) => functionTable[step].byEvent !== true && !invoked.includes(step));
  expect(idle).toEqual([]);
});

describe('protect', () => {
  test('comes to no end from Quiesce but through a release', () => {
    expect(wayOutProblems(protect(), window)).toEqual([]);
  });
  test('never waits for others inside the window', () => {
    expect(busyProblems(protect(), window)).toEqual([]);
  });
  test('begins the tiers, with every retry and timeout, within the shortest default deadline', () => {
    expect(secondsInDanger(protect(), window)).toBeLessThanOrEqual(defaultDeadlineSeconds);
  });
});

describe('recover', () => {
  test('comes to no end from CreateVolumes but through a commit or RollBack', () => {
    expect(wayOutProblems(recover(), changing)).toEqual([]);
  });
});

describe('the checks notice', () => {
  test('a transition to nowhere', () => {
    expect(languageProblems(broken('protect', '"Next":"Quiesce"', '"Next":"Quiescence"'))).not.toEqual([]);
  });
  test('a field that no retrier has', () => {
    expect(languageProblems(broken('protect', '"MaxDelaySeconds"', '"MaxDelay"'))).toEqual([
      'PlanRun: MaxDelay is no field of a retrier or catcher',
    ]);
  });
  test('a misspelt error', () => {
    expect(errorNameProblems(parsedBroken('protect', '"BusyFault"', '"BusyError"'))).toEqual([
      'PlanRun: nothing is called BusyError',
    ]);
  });
  test('States.ALL beside others', () => {
    expect(catchAllProblems(parsedBroken('protect', '["States.ALL"]', '["States.ALL","States.Timeout"]'))).toEqual([
      'PlanRun: States.ALL must stand alone and last',
    ]);
  });
  test('a task without a timeout', () => {
    expect(taskProblems(parsedBroken('protect', '"TimeoutSecondsPath":"$.beginTimeoutSeconds",', ''))).toEqual([
      'BeginTiers has no timeout',
    ]);
  });
  test('a task that does not catch everything', () => {
    expect(
      taskProblems(parsedBroken('protect', '["States.ALL"],"ResultPath":"$.quiesceFailure"', '["QuiesceFault"]')),
    ).toEqual(['Quiesce does not catch everything']);
  });
  test('a way out of the window without release', () => {
    const machine = parsedBroken(
      'protect',
      '"Next":"Release"}],"Next":"Release"',
      '"Next":"CloseWindow"}],"Next":"Release"',
    );
    expect(wayOutProblems(machine, window)).toEqual([
      'Quiesce > BeginTiers > CloseWindow ends without Release or ReleaseAfterFailure',
      'Quiesce > BeginTiers > CloseWindow > RunFailed ends without Release or ReleaseAfterFailure',
    ]);
  });
  test('waiting for slots inside the window', () => {
    const begin = '"TimeoutSecondsPath":"$.beginTimeoutSeconds","Retry":[';
    const retry = `${begin}{"ErrorEquals":["BusyFault"]},`;
    expect(busyProblems(parsedBroken('protect', begin, retry), window)).toEqual([
      'BeginTiers retries BusyFault inside the window',
    ]);
  });
  test('a window that may outlast its deadline', () => {
    const slow = parsedBroken('protect', '"TimeoutSecondsPath":"$.beginTimeoutSeconds"', '"TimeoutSeconds":15');
    expect(secondsInDanger(slow, window)).toBeGreaterThan(defaultDeadlineSeconds);
    const patient = parsedBroken('protect', '"BackoffRate":1,"MaxAttempts":1', '"BackoffRate":1,"MaxAttempts":2');
    expect(secondsInDanger(patient, window)).toBeGreaterThan(defaultDeadlineSeconds);
  });
  test('a recovery that fails without rolling back', () => {
    const machine = parsedBroken('recover', '"Next":"RollBack"', '"Next":"Stranded"');
    expect(wayOutProblems(machine, changing)).toEqual(['CreateVolumes > Stranded ends without RollBack']);
  });
  test.each([
    ['JSONata', '"QueryLanguage":"JSONata"'],
    ['variables', '"Assign":{}'],
    ['heartbeats', '"HeartbeatSeconds":5'],
    ['task tokens', '"Token.$":"$$.Task.Token"'],
  ])('%s', (_, field) => {
    expect(unsupportedProblems(broken('protect', '"StartAt":"PlanRun"', `"StartAt":"PlanRun",${field}`))).toHaveLength(
      1,
    );
  });
  test('a function that there is not', () => {
    expect(placeholderProblems(broken('protect', '${PlanRun}', '${PlanRuns}'))).toEqual(['no step is called PlanRuns']);
  });
});
