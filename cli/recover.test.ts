import { afterEach, expect, it } from 'vitest';
import { openWithPoints } from '../test/scenario/recovering.ts';
import type { Stage } from '../test/scenario/stage.ts';
import { run } from './recover.ts';
import { scriptedTerminal } from './scripted-terminal.ts';
import { columns } from './wrap.ts';

let stage: Stage;
afterEach(() => stage.close());

/** Somebody who looks, and types something else than the name. */
async function shown(typed: object) {
  const terminal = scriptedTerminal('no');
  const settings = { stack: 'Holdfast', policy: 'holdfast.yaml', debug: false };
  const error: unknown = await stage.drive(
    run({ workload: 'appliance', ...typed }, { terminal, settings }).then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
  return { ...terminal, error };
}

it('is asked for with the plan first, each call on one line, and what it means in the words of its kind', async () => {
  stage = await openWithPoints();
  const { lines, remarks, questions, events, error } = await shown({});
  expect(error).toMatchObject({ exitCode: 3, message: 'Not confirmed.' });
  // The project's own policy has it otherwise than the stage.
  expect(remarks).toEqual([
    'appliance: deployed otherwise than this policy says; runs and recoveries go by what is deployed. What makes them the same: npx cdk deploy',
    'Planning the recovery of appliance: a dry run in AWS, which changes nothing ...',
  ]);
  expect(lines[0]).toMatch(/^Plan {2}recovery of appliance from appliance-/);
  const [{ calls }] = events.map((event) => Object(event));
  const numbered = lines.filter((line) => /^ {2,3}\d+ {2}aws /.test(line));
  expect(numbered).toHaveLength(calls.length);
  expect(lines.length).toBeLessThan(calls.length + 10);
  expect(lines.every((line) => line.length <= columns)).toBe(true);
  expect(questions).toEqual([
    'Its instances are stopped for some minutes, and their volumes are exchanged. Type the workload’s name (appliance) to go on: ',
  ]);
});

it('has every call in full in a dry run, below the plan', async () => {
  stage = await openWithPoints();
  const { lines, error } = await shown({ dryRun: true });
  expect(error).toBeUndefined();
  expect(lines[0]).toMatch(/^Plan/);
  expect(lines.join('\n')).toMatch(/changes .* in this order:[\s\S]*--tag-specifications '\[[\s\S]*This was a dry run/);
});
