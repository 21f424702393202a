// Test projects: each kind of test has its own timeouts. Those that only compute come first. The others start servers, browsers and
// clusters, and wait for them and for time to pass: they are mixed, so that where several run at once, one that computes runs beside one
// that waits.
import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { MixedKinds } from './mixed-kinds.js';

// As many files at once as there are cores, which vitest of itself does not use all.
const maxWorkers = os.availableParallelism();
const computes = { maxWorkers, sequence: { groupOrder: 0 } };
/** What a file and all that it starts may take, cores and bytes: a server, its services and a browser, some of which are timed. */
const FILE_CORES_MAX = 2;
const FILE_BYTES_MAX = 3 * 1024 ** 3;
const waits = {
  maxWorkers: Math.max(1, Math.floor(Math.min(maxWorkers / FILE_CORES_MAX, os.totalmem() / FILE_BYTES_MAX))),
  sequence: { groupOrder: 1 },
};

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    sequence: { sequencer: MixedKinds },
    projects: [
      { extends: true, test: { name: 'tidy', include: ['test/tidy.test.ts'], testTimeout: 60_000, ...computes } },
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000, ...computes } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...waits,
        },
      },
      {
        extends: true,
        test: {
          name: 'kafka',
          include: ['test/kafka/**/*.test.ts'],
          exclude: ['test/kafka/browser/**'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          ...waits,
        },
      },
      {
        extends: true,
        test: {
          // needs both a Kafka and a browser
          name: 'kafka-browser',
          include: ['test/kafka/browser/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
          ...waits,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          // What a browser does next may take a while on a machine that does much else.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 300_000,
          hookTimeout: 180_000,
          ...waits,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // each of the concurrent ones is a whole chain of its own, which waits for the most part
          maxConcurrency: 3,
          testTimeout: 900_000,
          hookTimeout: 180_000,
          ...waits,
        },
      },
    ],
  },
});
