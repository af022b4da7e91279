import { defineConfig } from 'vitest/config';

/** Matter over real sockets; started by test/lan/run.sh in a network of its own, and nowhere else. */
export default defineConfig({
  test: {
    include: ['test/lan/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
