// The canned knowledge of the demo product, read from scripts/demo/canned: questions with two answers, mails with two replies.
// A file is a head of `name: value` lines, then sections that begin with `=== name`.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Kind, Suggestion } from './page/wire.js';

export interface CannedItem extends Suggestion {
  /** The thorough text and the short one. */
  readonly full: string;
  readonly brief: string;
}

/** Id of the answer to a question that nothing else fits; its question is `*`. */
export const FREE_QUESTION = 'free-question';

/** Reads every item, by file name. Throws when a file has not all of its parts: that is a broken build. */
export function readCanned(folder: string): readonly CannedItem[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => parseCanned(path.basename(file, '.txt'), readFileSync(path.join(folder, file), 'utf8')));
}

export function parseCanned(id: string, text: string): CannedItem {
  const [head = '', ...sections] = text.split(/^=== /m);
  const parts = new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')).trim(), bodyOf(section)]));
  const fields = new Map(head.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.replace(/^[^:]*: /, '')]));
  const need = (from: Map<string, string>, name: string): string => {
    const value = from.get(name)?.trim();
    if (value === undefined || value === '') throw new Error(`the canned text ${id} lacks ${name}`);
    return value;
  };
  const kind = need(fields, 'kind') as Kind;
  const texts = { full: need(parts, 'full'), brief: need(parts, 'brief') };
  const chip = need(fields, 'chip');
  if (kind === 'answer') return { id, kind, chip, title: need(fields, 'ask'), ...texts };
  const mail = { from: need(fields, 'from'), subject: need(fields, 'subject'), text: need(parts, 'mail') };
  return { id, kind, chip, title: mail.subject, mail, ...texts };
}

/** The item whose question shares most words with `question`; the free answer when fewer than two, or under a third, are shared. */
export function matchQuestion(items: readonly CannedItem[], question: string): CannedItem | undefined {
  const asked = words(question);
  let best: CannedItem | undefined;
  let bestShared = 0;
  for (const item of items) {
    if (item.kind !== 'answer' || item.id === FREE_QUESTION) continue;
    const shared = [...words(item.title)].filter((word) => asked.has(word)).length;
    if (shared >= Math.max(2, asked.size / 3) && shared > bestShared) [best, bestShared] = [item, shared];
  }
  return best ?? items.find((item) => item.id === FREE_QUESTION);
}

function bodyOf(section: string): string {
  return section.slice(section.indexOf('\n') + 1);
}

/** Words of four letters or more, and names in capitals such as SQL. */
function words(text: string): Set<string> {
  return new Set((text.match(/\p{L}{4,}|\p{Lu}{2,}/gu) ?? []).map((word) => word.toLowerCase()));
}
