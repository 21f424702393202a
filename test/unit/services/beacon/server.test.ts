// Signing generations: what is signed, what is refused with which advice, and the test vectors for other languages.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  generationIdOf,
  newGenerationId,
  signGeneration,
  type Generation,
} from '../../../../services/beacon/server.js';
import { verifyToken } from '../../../../services/collector/verify-token.js';
import { idTimeMs } from '../../../../shared/contract/ids.js';
import { projectRoot } from '../../../../shared/runtime/project-root.js';

const SECRET = 'a-signing-secret-of-tests';
const AT = 1_767_225_600_000;
const HOUR_MS = 3_600_000;
const generation: Generation = {
  promptId: 'summarise',
  promptVersion: '7',
  model: 'gpt-x',
  modelVersion: '2026-10',
  generatedAt: AT,
};
const verified = (token: unknown, secret = SECRET) => verifyToken(token, [createSecretKey(Buffer.from(secret))]);

describe('signing', () => {
  it('makes a UUIDv7 of the time, and a token of 30 days', () => {
    const token = signGeneration(generation, SECRET);
    const id = generationIdOf(token);
    expect(idTimeMs(id)).toBe(AT);
    expect(verified(token)).toEqual({ ...generation, generationId: id, exp: AT + 30 * 24 * HOUR_MS });
  });

  it('takes the time from the id when none is given, else now', () => {
    const id = newGenerationId(AT);
    const { generatedAt: _, ...timeless } = generation;
    expect(verified(signGeneration({ ...timeless, generationId: id }, SECRET))?.generatedAt).toBe(AT);
    const before = Date.now();
    expect(verified(signGeneration({ ...timeless, generationId: 'g1' }, SECRET))?.generatedAt).toBeGreaterThanOrEqual(
      before,
    );
  });

  it('carries experiment, user and end', () => {
    const more = {
      experiment: { id: 'exp1', arm: 'B', assignment: 'randomised:user' as const },
      user: 'user-42',
      exp: AT + 1,
    };
    expect(verified(signGeneration({ ...generation, ...more }, SECRET))).toMatchObject(more);
  });

  it('signs nothing that was not asked for', () => {
    const extra = { ...generation, text: 'the output' } as Generation;
    expect(verified(signGeneration(extra, SECRET))).not.toHaveProperty('text');
    expect(Buffer.from(signGeneration(extra, SECRET).split('.')[1] ?? '', 'base64url').toString()).not.toContain(
      'output',
    );
  });

  const times: readonly (readonly [number, boolean])[] = [
    [HOUR_MS, true],
    [-HOUR_MS, true],
    [HOUR_MS + 1, false],
    [-HOUR_MS - 1, false],
  ];
  it.each(times)('with an id %d ms from its time: %s', (offset, taken) => {
    const sign = () => signGeneration({ ...generation, generationId: newGenerationId(AT + offset) }, SECRET);
    if (taken) expect(sign).not.toThrow();
    else expect(sign).toThrow(/differ by more than one hour.*prefix/);
  });

  it('takes an older id behind a prefix', () => {
    const generationId = `m:${newGenerationId(AT - 5 * HOUR_MS)}`;
    expect(verified(signGeneration({ ...generation, generationId }, SECRET))?.generationId).toBe(generationId);
  });

  const refused: readonly (readonly [string, object, RegExp])[] = [
    ['a long id', { generationId: 'x'.repeat(129) }, /generationId.*128/],
    ['a blank id', { generationId: '  ' }, /generationId.*blank/],
    ['an empty id', { generationId: '' }, /generationId/],
    ['a lone surrogate in the id', { generationId: 'a\ud83d' }, /surrogate/],
    ['a long name', { promptId: 'x'.repeat(201) }, /promptId.*200/],
    ['no prompt', { promptId: undefined }, /promptId must be a string/],
    ['a version as a number', { promptVersion: 7 }, /promptVersion must be a string/],
    ['a time as a text', { generatedAt: '2026-01-01' }, /generatedAt/],
    ['a time that is none', { generatedAt: NaN }, /generatedAt/],
    ['a long user', { user: 'x'.repeat(129) }, /user.*128/],
    ['an experiment without an id', { experiment: { id: '', arm: 'B' } }, /experiment\.id/],
  ];
  it.each(refused)('refuses %s', (_, changes, message) => {
    expect(() => signGeneration({ ...generation, ...changes }, SECRET)).toThrow(message);
  });

  it('refuses an assignment that the collector would refuse', () => {
    const experiment = { id: 'e', arm: 'B', assignment: 'dice' } as unknown as Generation['experiment'] & object;
    expect(() => signGeneration({ ...generation, experiment }, SECRET)).toThrow(/assignment/);
  });

  it('refuses a short secret, and does not name it', () => {
    const sign = () => signGeneration(generation, 'tooshort');
    expect(sign).toThrow(/at least 16/);
    expect(sign).not.toThrow(/tooshort/);
  });

  it('refuses what would become too long a token', () => {
    const name = '😀'.repeat(100);
    const experiment = { id: name, arm: name };
    const names = { promptId: name, promptVersion: name, model: name, modelVersion: name };
    expect(() => signGeneration({ ...generation, ...names, experiment, user: '\0'.repeat(128) }, SECRET)).toThrow(
      /4096/,
    );
  });
});

describe('the test vectors', () => {
  interface Vector {
    name: string;
    secret: string;
    payload?: string;
    token: string;
    valid: boolean;
  }
  const file = path.join(projectRoot, 'services', 'beacon', 'token-vectors.json');
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Vector[] };

  it.each(cases)('$name: $valid', ({ secret, payload, token, valid }) => {
    const found = verified(token, secret);
    if (valid) expect(JSON.parse(payload ?? '')).toMatchObject(found ?? { generationId: 'not verified' });
    else expect(found).toBeUndefined();
  });

  it('are what signing gives', () => {
    const [first] = cases;
    expect(first?.valid).toBe(true);
    expect(signGeneration(JSON.parse(first?.payload ?? '') as Generation, first?.secret ?? '')).toBe(first?.token);
  });
});
