// Rows of what was dropped: counted by reason, with an id that a batch sent again gives again.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dropRows } from '../../../../services/collector/drops.js';
import { EventDraft } from '../../../../services/collector/steps/draft.js';
import type { DropReason } from '../../../../shared/contract/drop-reasons.js';

const NOW = 1_767_225_659_999;
const A = '00000000-0000-0000-0000-00000000000A';
const B = '00000000-0000-0000-0000-00000000000b';

function dropped(raw: unknown, reason: DropReason): EventDraft {
  const draft = new EventDraft(raw);
  draft.drop(reason);
  return draft;
}

describe('drop rows', () => {
  const drafts = [
    dropped({ id: A }, 'too_old'),
    dropped({ id: B }, 'unknown_type'),
    dropped({ id: B.toUpperCase() }, 'too_old'),
  ];

  it('count by reason, in the minute of receipt', () => {
    expect(dropRows('test', drafts, NOW)).toMatchObject([
      { project_id: 'test', reason: 'too_old', n: 2, minute: 1_767_225_600 },
      { project_id: 'test', reason: 'unknown_type', n: 1, minute: 1_767_225_600 },
    ]);
  });

  it('have an id made of project, reason and the ids of the events', () => {
    const hex = createHash('sha256').update(`test\ntoo_old\n${A.toLowerCase()}\n${B}\n`).digest('hex');
    expect(dropRows('test', drafts, NOW)[0]?.drop_id.replaceAll('-', '')).toBe(hex.slice(0, 32));
  });

  it('have the same id when the same is sent again later, with other neighbours', () => {
    const again = [drafts[0], drafts[2]].flatMap((draft) => draft ?? []);
    expect(dropRows('test', again, NOW + 3_600_000)[0]?.drop_id).toBe(dropRows('test', drafts, NOW)[0]?.drop_id);
  });

  const different: readonly (readonly [string, string, readonly EventDraft[]])[] = [
    ['another project', 'other', drafts.slice(0, 1)],
    ['another reason', 'test', [dropped({ id: A }, 'too_new')]],
    ['another event', 'test', [dropped({ id: B }, 'too_old')]],
    ['an event more', 'test', drafts],
    ['no id', 'test', [dropped({ a: 1 }, 'too_old')]],
    ['no id and another field', 'test', [dropped({ a: 2 }, 'too_old')]],
  ];
  it('have another id for anything else', () => {
    const ids = different.map(([, project, set]) => dropRows(project, set, NOW)[0]?.drop_id);
    const first = dropRows('test', drafts.slice(0, 1), NOW)[0]?.drop_id;
    expect(new Set([first, ...ids]).size).toBe(different.length + 1);
  });

  it('are none for nothing', () => expect(dropRows('test', [], NOW)).toEqual([]));
});
