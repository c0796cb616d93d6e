import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Instrumenter, type InstrumentResult } from '@stryker-mutator/instrumenter';
import { noopLogger } from '@stryker-mutator/util';
import { build, type Plugin } from 'esbuild';
import { bundleSettings } from '#infra/bundle-settings.ts';
import { bundledSteps } from '#infra/function-table.ts';
import { usedPartsOnly } from '#infra/used-parts.ts';

const root = bundleSettings.absWorkingDir;

type Changed = InstrumentResult['mutants'][number];

/** One change of one place, switched on by its id (`activate.ts`). */
export interface Mutant {
  readonly id: string;
  /** Path from the project's folder. */
  readonly file: string;
  /** `functions/steps/settle.ts:94:42`, both numbers from 1. */
  readonly place: string;
  /** What stands there; of several lines the first. */
  readonly original: string;
  /** What stands there instead, shortened. */
  readonly replacement: string;
}

/** Stryker's own, read by the switches in the bundles (`globalThis.__stryker__`): counts by the mutants' ids. */
export interface Switches {
  readonly activeMutant: string | undefined;
  readonly hitCount: number;
  readonly hitLimit: number;
  /** Under which name of `perTest` is counted what is reached; under none: `static`. */
  currentTestId: string | undefined;
  readonly mutantCoverage: {
    readonly static: Readonly<Record<string, number>>;
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/**
 * Bundles every step as `infra/bundle-steps.ts` does, with all mutants of these files inside, each behind a switch of Stryker's.
 * @param files paths from the project's folder
 * @param directory where the bundles go
 */
export async function bundleInstrumented(files: readonly string[], directory: string): Promise<readonly Mutant[]> {
  const sources = files.map((file) => ({
    name: join(root, file),
    content: readFileSync(join(root, file), 'utf8'),
    mutate: true,
  }));
  const options = { plugins: null, ignorers: [], excludedMutations: [] };
  const instrumented = await new Instrumenter(noopLogger).instrument(sources, options);
  await build({
    ...bundleSettings,
    plugins: [
      instead(new Map(instrumented.files.map(({ name, content }) => [name, content]))),
      usedPartsOnly,
      ...bundleSettings.plugins,
    ],
    entryPoints: Object.fromEntries(
      bundledSteps.map((name) => [join(name, 'index'), join(root, 'functions', 'steps', `${name}.ts`)]),
    ),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
  });
  return instrumented.mutants.map(described);
}

function described({ id, fileName, location: { start, end }, replacement }: Changed): Mutant {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const original = lines[start.line]?.slice(start.column, start.line === end.line ? end.column : undefined) ?? '';
  const file = relative(root, fileName);
  const place = `${file}:${start.line + 1}:${start.column + 1}`;
  return { id, file, place, original, replacement: replacement.replaceAll(/\s+/g, ' ').slice(0, 100) };
}

/** What a module makes as it is loaded stays for all tests of a process, not for the one that came to it first. */
const outsideTests = (content: string): string => `
  const test_9fa48 = globalThis.__stryker__?.currentTestId;
  if (globalThis.__stryker__) globalThis.__stryker__.currentTestId = undefined;
  ${content}
  if (globalThis.__stryker__) globalThis.__stryker__.currentTestId = test_9fa48;
`;

const instead = (contents: ReadonlyMap<string, string>): Plugin => ({
  name: 'instrumented',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/functions\/(steps|flows)\/[a-z-]+\.ts$/ }, ({ path }) => {
      const content = contents.get(path);
      return content === undefined ? undefined : { contents: outsideTests(content), loader: 'ts' };
    });
  },
});
