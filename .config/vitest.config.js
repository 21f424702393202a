// Test projects: each kind of test has its own timeouts. Those that only compute come first, then those that start servers. Those with
// a browser or a cluster too come last: they are timed, and mixed, so that where several run at once, one that computes runs beside one
// that waits.
import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { MixedKinds } from './mixed-kinds.js';

const cores = os.availableParallelism();
/** What a file that starts a server may take with all that it starts, bytes. */
const FILE_BYTES_MAX = 3 * 1024 ** 3;

/** How many files run at once when each is to have so many cores; vitest of itself does not use all. */
function filesAtOnce(coresOfFile, bytesOfFile = FILE_BYTES_MAX) {
  return Math.max(1, Math.floor(Math.min(cores / coresOfFile, os.totalmem() / bytesOfFile)));
}

const computes = { maxWorkers: filesAtOnce(1, 0), sequence: { groupOrder: 0 } };
const serves = { maxWorkers: filesAtOnce(1), sequence: { groupOrder: 1 } };
const timed = { maxWorkers: filesAtOnce(2), sequence: { groupOrder: 2 } };

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
          ...serves,
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
          ...timed,
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
          ...timed,
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
          ...timed,
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
          ...timed,
        },
      },
    ],
  },
});
