// The canned knowledge of the demo product: complete, readable, and found by the words of a question.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../../../shared/runtime/project-root.js';
import { assign } from '../../../../scripts/demo/assignment.js';
import { FREE_QUESTION, matchQuestion, parseCanned, readCanned } from '../../../../scripts/demo/canned.js';
import { composeText } from '../../../../scripts/demo/compose-text.js';

const items = readCanned(path.join(projectRoot, 'scripts', 'demo', 'canned'));

describe('the canned texts', () => {
  test('are a dozen or more, of both kinds, each with two different texts', () => {
    expect(items.filter(({ id }) => id !== FREE_QUESTION).length).toBeGreaterThanOrEqual(12);
    expect(items.filter(({ kind }) => kind === 'draft').length).toBeGreaterThanOrEqual(4);
    for (const { full, brief } of items) expect(full.length).toBeGreaterThan(brief.length);
  });

  test('have a mail when they are drafts, and none when they are answers', () => {
    for (const { kind, mail } of items) expect(mail !== undefined).toBe(kind === 'draft');
  });

  test('have code in several answers', () => {
    expect(items.filter(({ full }) => full.includes('```')).length).toBeGreaterThanOrEqual(4);
  });
});

test('a file that lacks a part is refused by its name', () => {
  const whole = 'kind: answer\nchip: A\nask: B?\n=== full\nlong\n=== brief\nshort\n';
  expect(parseCanned('x', whole)).toEqual({
    id: 'x',
    kind: 'answer',
    chip: 'A',
    title: 'B?',
    full: 'long',
    brief: 'short',
  });
  const check = (text: string, lacks: string) =>
    expect(() => parseCanned('x', text)).toThrow(`the canned text x lacks ${lacks}`);
  check(whole.replace('chip: A\n', ''), 'chip');
  check(whole.replace('ask: B?\n', ''), 'ask');
  check(whole.replace('=== brief\nshort\n', ''), 'brief');
  check(whole.replace('long', ' '), 'full');
  check(whole.replace('answer', 'draft'), 'from');
});

test('a question finds the answer that shares its words, else the one for all others', () => {
  const check = (question: string, id: string) => expect(matchQuestion(items, question)?.id).toBe(id);
  check('How do I undo my last Git commit but keep the changes?', 'undo-commit');
  check('how can I undo the last commit', 'undo-commit');
  check('please write debounce in typescript', 'debounce');
  check('difference of thread and process', 'process-thread');
  check('SQL for newest orders', 'newest-orders');
  check('commit', FREE_QUESTION);
  check('What is the capital of France?', FREE_QUESTION);
  check('', FREE_QUESTION);
  check('🙂', FREE_QUESTION);
});

describe('what the model writes', () => {
  const [item] = items.filter(({ id }) => id === 'undo-commit');
  const cell = (promptVersion: string, modelVersion: string) => ({
    ...assign('v', 'answer'),
    promptVersion,
    modelVersion,
  });
  const write = (promptVersion: string, modelVersion: string, attempt: number) =>
    item && composeText(item, cell(promptVersion, modelVersion), attempt);

  test('is thorough in prompt version 1 and short in 2, and the other way round at the next attempt', () => {
    expect(write('1', '2026-11', 0)).toBe(item?.full);
    expect(write('2', '2026-11', 0)).toBe(item?.brief);
    expect(write('1', '2026-11', 1)).toBe(item?.brief);
    expect(write('2', '2026-11', 1)).toBe(item?.full);
    expect(write('1', '2026-11', 2)).toBe(item?.full);
  });

  test('begins with a phrase when the older model writes an answer', () => {
    expect(write('1', '2026-09', 0)).toMatch(/^[A-Z][^\n]+\n\n/);
    expect(write('1', '2026-09', 0)?.endsWith(item?.full ?? '?')).toBe(true);
  });

  test('is the bare letter when it is a draft', () => {
    const draft = items.find(({ kind }) => kind === 'draft');
    expect(draft && composeText(draft, cell('1', '2026-09'), 0)).toBe(draft?.full);
  });
});
