// Reference cases: inputs with the results of other engines. Out: the cases of one family and a check of what was found
// against what is expected. Must never be looser than the tolerance that a case gives.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

interface Case {
  readonly id: string;
  readonly family: string;
  /** Of the shape that the family's formula reads: the file is trusted here, each test names the shape it reads. */
  readonly inputs: never;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly relativeTolerance: number;
}

const file = new URL('./reference-cases.json', import.meta.url);

export const cases = (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] }).cases;

/** Below this a probability is compared by its decimal logarithm, to a relative 1e-6. */
const TINY = 1e-15;

function agrees(found: unknown, expected: unknown, tolerance: number, name: string): boolean {
  if (expected === null) return found === undefined;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(found) &&
      found.length === expected.length &&
      expected.every((value, index) => agrees(found[index], value, tolerance, name))
    );
  }
  if (typeof expected === 'object') {
    return Object.entries(expected).every(([key, value]) =>
      agrees((found as Record<string, unknown> | undefined)?.[key], value, tolerance, key),
    );
  }
  if (typeof expected !== 'number' || typeof found !== 'number') return found === expected;
  if (/^p(_|$)/.test(name) && expected > 0 && expected < TINY) {
    return Math.abs(Math.log10(found) - Math.log10(expected)) <= 1e-6 * Math.abs(Math.log10(expected));
  }
  return Math.abs(found - expected) <= tolerance * Math.max(Math.abs(expected), 1e-12) + 1e-12;
}

/** Every expected figure is there and within the case's tolerance; what is expected to be undefined is undefined. */
export function check({ id, expected, relativeTolerance }: Case, found: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(expected).filter((name) => !agrees(found[name], expected[name], relativeTolerance, name));
  expect(
    wrong.map((name) => ({ id, name, expected: expected[name], found: found[name] })),
    id,
  ).toEqual([]);
}
