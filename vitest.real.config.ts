import { defineConfig } from 'vitest/config';

/** Tests against programs that are not ours (Mosquitto): real sockets on 127.0.0.1 and real time. */
export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts'],
    pool: 'forks',
    // One broker at a time: two cores are too few for timings of several.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
