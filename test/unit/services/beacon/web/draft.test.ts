// What a change of a place's text means to the generation in it: where its part stands, what was found, taken back, redone.
import { expect, test } from 'vitest';
import type { Draft } from '../../../../../services/beacon/web/draft.js';
import { UNDO_MS, change, createDraft, insertedDraft, partOf } from '../../../../../services/beacon/web/draft.js';
import { createGeneration } from '../../../../../services/beacon/web/generation.js';

const generation = createGeneration('g');
const whole = (text: string): Draft => createDraft(generation, 'g', text);

/** `[answer]` was inserted between `before` and `behind`, at 0 ms. */
function inserted(before: string, answer: string, behind: string): Draft {
  return insertedDraft(generation, undefined, before + behind, before + answer + behind, 0) as Draft;
}

test('the part of an insertion stays in place whatever is changed around it', () => {
  const check = (after: string, part: string): void => {
    const draft = inserted('one ', 'TWO', ' three');
    expect(change(draft, 'typed', after, 1)).toBeUndefined();
    expect([partOf(draft), draft.found]).toEqual([part, 'TWO']);
  };
  check('zero one TWO three', 'TWO');
  check('TWO three', 'TWO');
  check('one TWO three four', 'TWO');
  check('one TWO', 'TWO');
  // At its ends is outside of it.
  check('one !TWO three', 'TWO');
  check('one TWO! three', 'TWO');
  check('one T-WO three', 'T-WO');
  check('one TO three', 'TO');
  check('one  three', '');
  // What replaces a piece of it belongs to it.
  check('one TWxhree', 'TWx');
  check('onxWO three', 'xWO');
});

test('in a place of its own the ends belong to a generation', () => {
  const draft = whole('TWO');
  change(draft, 'typed', 'one TWO three', 1);
  expect([partOf(draft), draft.found]).toEqual(['one TWO three', 'TWO']);
});

test('nothing inserted is no insertion', () => {
  expect(insertedDraft(generation, 'g', 'abc', 'abc', 0)).toBeUndefined();
  expect(insertedDraft(generation, 'g', 'abc', 'ab', 0)).toBeUndefined();
});

test('what a program writes is found; behind the person’s words it is added to what was found, else it begins anew', () => {
  const draft = whole('');
  for (const text of ['A', 'A b', 'A b c']) expect(change(draft, 'programmed', text, 1)).toBeUndefined();
  expect(draft.found).toBe('A b c');
  change(draft, 'typed', '!A b c', 2);
  expect(change(draft, 'programmed', '!A b c d', 3)).toBeUndefined();
  expect([draft.found, partOf(draft)]).toEqual(['A b c d', '!A b c d']);
  expect(change(draft, 'programmed', '', 4)).toBe('replaced');
  expect([draft.found, partOf(draft)]).toEqual(['', '']);
});

test('what a program writes beside an edited insertion changes nothing of it', () => {
  const draft = inserted('one ', 'TWO', ' three');
  change(draft, 'typed', 'one TO three', 1);
  expect(change(draft, 'programmed', 'one TO three four', 2)).toBeUndefined();
  expect([draft.found, partOf(draft)]).toEqual(['TWO', 'TO']);
});

test('an undo that restores the text before takes the insertion back up to its time, and not past it', () => {
  const check = (at: number, expected: string | undefined): void => {
    expect(change(inserted('one ', 'TWO', ''), 'undone', 'one ', at)).toBe(expected);
  };
  check(0, 'undone');
  check(UNDO_MS, 'undone');
  check(UNDO_MS + 1, undefined);
});

test('only an undo takes back, only all of it, and only once', () => {
  const draft = inserted('one ', 'TWO', '');
  expect(change(draft, 'undone', 'one T', 1)).toBeUndefined();
  expect(change(draft, 'typed', 'one ', 2)).toBeUndefined();
  change(draft, 'typed', 'one TWO', 3);
  expect(change(draft, 'undone', 'one ', 4)).toBe('undone');
  expect(change(draft, 'undone', 'on', 5)).toBeUndefined();
  expect(change(draft, 'undone', 'one ', 6)).toBeUndefined();
});

test('a redo brings it back, with what was typed behind it, and starts its time again', () => {
  const draft = inserted('one ', 'TWO', '');
  change(draft, 'undone', 'one ', 1);
  expect(change(draft, 'typed', 'one TWO!', UNDO_MS)).toBe('redone');
  expect(partOf(draft)).toBe('TWO');
  expect(change(draft, 'undone', 'one ', UNDO_MS * 2)).toBe('undone');
});

test('the tokens of a streamed text are taken back together', () => {
  const draft = whole('');
  for (const [at, text] of ['A', 'A b', 'A b c'].entries()) change(draft, 'programmed', text, at * UNDO_MS);
  expect(change(draft, 'undone', '', 3 * UNDO_MS)).toBe('undone');
});

test('where the text before was not seen, an undo that leaves nothing of it takes it back', () => {
  const draft = inserted('one ', 'TWO', '');
  if (draft.insertion) draft.insertion.before = undefined;
  expect(change(draft, 'undone', 'one T', 1)).toBeUndefined();
  expect(change(draft, 'undone', 'one ', 2)).toBe('undone');
});
