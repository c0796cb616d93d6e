/** A kind is added to a copy of the repository by its own folders alone (`test/new-kind`): nothing else is changed there but by `npm run kinds`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type AddedKind, addKind } from './scenario/new-kind.ts';

const timeoutMs = 300_000;
let kind: AddedKind;
let copy: string;

beforeAll(() => {
  kind = addKind();
  copy = kind.directory;
}, timeoutMs);

afterAll(() => kind.remove());

it('is in folders of its own, and changes no file but those that are written from the folders', () => {
  expect(kind.own.filter((file) => !/\/(toy-store|toystore)\//.test(file))).toEqual([]);
  expect(kind.changed).toEqual([
    'functions/domain/kinds/facts.generated.ts',
    'functions/domain/kinds/shapes.generated.ts',
    'functions/providers/providers.generated.ts',
    'functions/providers/restorers.generated.ts',
    'holdfast.schema.json',
    'simulator/services/stand-alone.generated.ts',
  ]);
});

it(
  'fits the types, which are inferred from all kinds',
  () => {
    const { stdout, status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc'], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  },
  timeoutMs,
);

it('is known to validate, and to editors', () => {
  const policy = (resource: string) => ({
    ...{ version: 1, mail: { failures: ['ops@example.com'] } },
    workloads: { toys: { schedule: { cron: '0 3 * * ? *' }, members: [{ kind: 'toy-store', resource }] } },
  });
  const validated = (resource: string) => {
    writeFileSync(join(copy, 'toys.yaml'), JSON.stringify(policy(resource))); // JSON is YAML
    const words = ['cli/main.ts', 'validate', '--json', '--policy', 'toys.yaml'];
    return spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8' });
  };
  expect(validated('bears').status).toBe(0);
  expect(validated('Bears!').stdout).toContain('lower case letters');
  expect(readFileSync(join(copy, 'holdfast.schema.json'), 'utf8')).toContain('Street that it must be in.');
});

const report = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

it(
  'conforms, has rights where a policy has it, and is backed up and brought back',
  () => {
    const suites = ['provider', 'restorer'].map((name) => `test/conformance/${name}.test.ts`);
    const files = [...suites, 'test/kinds/toy-store/toy-store.test.ts'];
    const how = ['run', '--project', 'region', '--reporter', 'json', '--outputFile', 'report.json'];
    const chosen = ['--testNamePattern', 'toy-store', ...files];
    // What its roles may do is no grant of the product's.
    const { HOLDFAST_PRIVILEGES: _, ...env } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...how, ...chosen], {
      ...{ cwd: copy, env, encoding: 'utf8' },
    });
    expect(existsSync(join(copy, 'report.json')), `${stdout}${stderr}`).toBe(true);
    const { testResults } = report.parse(JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8')));
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const run = results.filter(({ status }) => status !== 'skipped' && status !== 'pending');
    expect(run.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(run.map(({ fullName }) => fullName)).toEqual(
      expect.arrayContaining([
        'toy-store makes one snapshot, however often it is begun',
        'a recovery of toy-store is rolled back after attach',
        'toy-store brings its rights into the stacks whose policies have it, and into no others',
        'toy-store in a stack is backed up at night, and brought back by a recovery',
      ]),
    );
  },
  timeoutMs,
);
