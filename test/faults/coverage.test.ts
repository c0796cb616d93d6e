import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pascalCase, steps } from '#infra/function-table.ts';
import { casesOf } from '../simulate/cases.ts';
import type { Scenario } from '../simulate/scenario.ts';
import { scenarios } from '../simulate/scenarios.ts';

const definition = (machine: string): { readonly States: Readonly<Record<string, { readonly Type: string }>> } =>
  parse(readFileSync(new URL(`../../state-machines/${machine}.asl.yaml`, import.meta.url), 'utf8'));

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const all: readonly Scenario[] = Object.values(scenarios);
const ofInstances = globSync('instances/*.test.ts', { cwd: import.meta.dirname })
  .map(read)
  .join();

/** One region at a time in a process. */
async function idsOf(some: readonly Scenario[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const scenario of some) ids.push(...(await casesOf(scenario)).map(({ id }) => id));
  return ids;
}

describe('the sweep', () => {
  it.each([
    ['over workloads of all kinds', all],
    ['over instances alone', all.filter(({ name }) => ofInstances.includes(`'${name}'`))],
  ])(
    '%s has calls that go wrong in every function, and ends executions in every task of both machines',
    async (_, some) => {
      const ids = await idsOf(some);
      const untouched = steps.map(pascalCase).filter((step) => !ids.some((id) => id.includes(`/${step}:`)));
      const tasks = ['protect', 'recover'].flatMap((machine) =>
        Object.entries(definition(machine).States).flatMap(([name, { Type }]) => (Type === 'Task' ? [name] : [])),
      );
      const endless = tasks.filter((task) => !ids.some((id) => id.includes(`/${task}:abort:`)));
      expect({ untouched, endless }).toEqual({ untouched: [], endless: [] });
    },
  );
});
