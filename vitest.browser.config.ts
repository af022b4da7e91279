import { defineConfig } from 'vitest/config';

/** The page in a real browser (the system's Chromium) against the whole program: real time, sockets on 127.0.0.1. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/support/build-page.ts'],
    pool: 'forks',
    // A browser and a daemon at a time: two cores are too few for timings of several.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
