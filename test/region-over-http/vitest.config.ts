import { defineConfig } from 'vitest/config';

/** The region as a process, asked by boto3. Needs what setup.sh makes. */
export default defineConfig({
  test: {
    name: 'http',
    include: ['test/region-over-http/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
