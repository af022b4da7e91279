import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'test/lan/**', 'test/browser/**', 'node_modules/**'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    // By default one less than there are cores, which on two cores doubles the time.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
