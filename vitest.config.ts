import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/order.ts';

/**
 * What changes the process it runs in: its timers, modules, error stacks or signals, a library with a world of its own. Each
 * of these files gets a process to itself; all others share two, since half a second to start one is more than most need.
 */
const alone = ['daemon', 'hci', 'bridge/matter', 'soak', 'fuzz'].map(folder => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    // By default one less than there are cores, which on two cores doubles the time.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: alone, globalSetup: ['test/support/build.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...alone, 'test/real/**', 'test/lan/**', 'test/browser/**', 'node_modules/**'],
          isolate: false,
        },
      },
    ],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
