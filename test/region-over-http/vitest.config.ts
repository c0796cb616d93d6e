import { defineConfig } from 'vitest/config';

/** The region as a process, asked by boto3; and the providers against moto. Needs what python-environment.sh makes. */
export default defineConfig({
  test: {
    name: 'http',
    include: ['test/{region-over-http,moto}/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
