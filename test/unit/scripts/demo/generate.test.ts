// A generation of the demo: its versions are drawn once per visitor, and its token says what is shown.
import { expect, test } from 'vitest';
import { newGenerationId, signGeneration } from '../../../../services/beacon/server.js';
import { tokenPayloadSchema } from '../../../../shared/contract/generation.js';
import { idTimeMs } from '../../../../shared/contract/ids.js';
import { splitToken } from '../../../../shared/contract/token.js';
import { assign } from '../../../../scripts/demo/assignment.js';
import type { CannedItem } from '../../../../scripts/demo/canned.js';
import { generate } from '../../../../scripts/demo/generate.js';

const NOW = Date.UTC(2026, 10, 1);
const texts = { chip: 'c', title: 'How does the tide work?', full: 'long', brief: 'short' };
const items: readonly CannedItem[] = [
  { id: 'tide', kind: 'answer', ...texts },
  { id: 'letter', kind: 'draft', mail: { from: 'a', subject: 'b', text: 'c' }, ...texts },
  { id: 'free-question', kind: 'answer', ...texts, title: '*' },
];
const options = {
  items,
  now: () => NOW,
  newId: newGenerationId,
  sign: (generation: Parameters<typeof signGeneration>[0]) => signGeneration(generation, 'a secret of the demo'),
};

test('the token states the generation that is answered, its visitor and how the versions were chosen', () => {
  const answer = generate(options, { item: 'letter', attempt: 0 }, 'visitor-1');
  const payload = JSON.parse(
    Buffer.from(splitToken(answer?.token ?? '')?.payload ?? '', 'base64url').toString(),
  ) as unknown;
  const token = tokenPayloadSchema.parse(payload);
  const { experiment, ...dimensions } = assign('visitor-1', 'draft');
  expect(token).toMatchObject({ ...dimensions, experiment, generatedAt: NOW, user: 'visitor-1' });
  expect(token.experiment?.assignment).toBe('randomised:user');
  expect(token.generationId).toBe(answer?.generationId);
  expect(idTimeMs(token.generationId)).toBe(NOW);
  expect(answer).toMatchObject({ item: 'letter', kind: 'draft', ...dimensions });
});

test('each generation has an id of its own', () => {
  const ids = Array.from({ length: 50 }, () => generate(options, { item: 'tide', attempt: 0 }, 'v')?.generationId);
  expect(new Set(ids).size).toBe(50);
});

test('an unknown item has no answer, a free question always has one', () => {
  expect(generate(options, { item: 'nothing', attempt: 0 }, 'v')).toBeUndefined();
  expect(generate(options, { question: 'when does the tide work', attempt: 0 }, 'v')?.item).toBe('tide');
  expect(generate(options, { question: 'why?', attempt: 0 }, 'v')?.item).toBe('free-question');
  expect(generate(options, { attempt: 0 }, 'v')?.item).toBe('free-question');
});

test('a visitor keeps her versions, and visitors fall evenly into the four cells of each prompt', () => {
  const counts = new Map<string, number>();
  for (let visitor = 0; visitor < 4000; visitor += 1)
    for (const kind of ['answer', 'draft'] as const) {
      const drawn = assign(`visitor-${visitor}`, kind);
      expect(assign(`visitor-${visitor}`, kind)).toEqual(drawn);
      const cell = `${drawn.promptId} ${drawn.promptVersion} ${drawn.modelVersion}`;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
      expect(drawn.experiment.arm).toBe(`prompt ${drawn.promptVersion}, model ${drawn.modelVersion}`);
    }
  expect(counts.size).toBe(8);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
});
