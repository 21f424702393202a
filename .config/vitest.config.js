// Test projects: each kind of test has its own timeouts and its own degree of parallelism.
import { defineConfig } from 'vitest/config';

const one = { maxWorkers: 1, fileParallelism: false };

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      { extends: true, test: { name: 'tidy', include: ['test/tidy.test.ts'], testTimeout: 60_000 } },
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...one,
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
          ...one,
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
          ...one,
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
          ...one,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 180_000,
          ...one,
        },
      },
    ],
  },
});
