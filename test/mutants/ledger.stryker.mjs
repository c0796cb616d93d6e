/** `npm run mutants:ledger`: as with the domain, but for what is mutated, and the tests that must notice. */
import domain from './domain.stryker.json' with { type: 'json' };

export default {
  ...domain,
  mutate: ['functions/ledger/**/*.ts'],
  vitest: { configFile: 'test/mutants/ledger.vitest.config.ts' },
  jsonReporter: { fileName: 'dist/mutants/ledger.json' },
  tempDirName: 'dist/stryker-ledger',
};
