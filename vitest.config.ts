/** The tests: one embedded Postgres for the whole run (test/support/global-setup.ts), one database per file. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves it: its `module` field would load a second copy, which knows none of type-graphql's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['reflect-metadata'],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
