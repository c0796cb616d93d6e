import { runTests } from './run-tests.ts';

for (const arg of process.argv.slice(2)) {
  const [mutant = '', file = '', ...tests] = arg.split('|');
  const ended = await runTests({
    file: `test/${file}.test.ts`,
    tests: tests.length ? tests : undefined,
    bundles: '/tmp/m13/bundles2',
    mutant,
    limitMs: 300_000,
  });
  console.log(arg, ended.outcome);
}
