// The border between wire and table: every field has its column, nothing else gets through, defaults are left out.
import { describe, expect, it } from 'vitest';
import {
  attributesPart,
  batchPart,
  eventPart,
  generationPart,
  joinRow,
} from '../../../../shared/contract/event-row.js';
import { meaningOf } from '../../../../shared/contract/decides.js';
import { eventSchemas } from '../../../../shared/contract/events.js';
import type { EventType } from '../../../../shared/contract/rows.js';

const ID = '3F2504E0-4F89-41D3-9A0C-0305E82C3301';
const T = 1_767_225_598_000.4;

const batch = batchPart({ projectId: 'demo', receivedAt: 1_767_225_600_000, surface: 'web', sdk: 'tacit-web/1.0.0' });
const generation = generationPart({
  id: 'g"1',
  generatedAt: 1_767_225_590_000.6,
  entry: {
    promptId: 'summarise',
    promptVersion: '7',
    model: 'gpt-x',
    modelVersion: '2026-10',
    experiment: { id: 'exp1', arm: 'B', assignment: 'randomised:user' },
    taskId: 'task',
    length: 812,
  },
  token: undefined,
  person: { kind: 'client', key: '18446744073709551615' },
});

function eventColumns(type: EventType, fields: object, length?: number): Record<string, unknown> {
  const event = eventSchemas[type].parse({ id: ID, g: 'g1', t: T, type, ...fields });
  const part = eventPart({ event, meaning: meaningOf(event, 750), occurredAt: T, clockSuspect: false, length });
  return JSON.parse(`{${part.slice(1)}}`) as Record<string, unknown>;
}

const common = (type: EventType) => ({ event_id: ID.toLowerCase(), event_type: type, occurred_at: 1_767_225_598_000 });

describe('the columns of each type', () => {
  const cases: readonly (readonly [EventType, object, object])[] = [
    ['generated', { length: 812 }, { total_chars: 812 }],
    ['shown', { visibleMs: 812.5 }, { visible_ms: 813, shows: 1 }],
    ['shown', { visibleMs: 100, forced: true }, { visible_ms: 100, shows: 1, reason: 'forced' }],
    ['shown', { visibleMs: 100 }, { visible_ms: 100 }],
    [
      'copy',
      { chars: 203, of: 812, method: 'keyboard', part: 'code' },
      { chars: 203, total_chars: 812, reason: 'keyboard', label: 'code', decides: 'accept', decision_value: 0.25 },
    ],
    ['accept', { method: 'tab' }, { reason: 'tab', decides: 'accept', decision_value: 1 }],
    [
      'edit',
      { similarity: 0.5, distance: 400, from: 812, to: 700, approx: 'tokens', by: 'save' },
      {
        decides: 'edit',
        decision_value: 0.5,
        total_chars: 812,
        chars: 700,
        value: 400,
        label: 'tokens',
        reason: 'save',
      },
    ],
    ['reject', { reason: 'undone' }, { reason: 'undone', decides: 'reject' }],
    ['ignore', { reason: 'left', visibleMs: 2000.2 }, { reason: 'left', visible_ms: 2000 }],
    [
      'retention',
      { afterMs: 30_000, similarity: 0.9, retainedChars: 700 },
      { after_ms: 30_000, value: 0.9, chars: 700 },
    ],
    ['rate', { value: -1, label: 'thumb' }, { value: -1, label: 'thumb' }],
    [
      'score',
      {
        name: 'faith',
        version: '2',
        subject: 'doc-7',
        value: 0.5,
        label: 'ok',
        rank: 3,
        action: 'flagged',
        source: 'retriever',
      },
      {
        name: 'faith',
        version: '2',
        subject: 'doc-7',
        value: 0.5,
        label: 'ok',
        rank: 3,
        action: 'flagged',
        source: 'retriever',
      },
    ],
  ];
  it.each(cases)('%s %j', (type, fields, expected) => {
    expect(eventColumns(type, fields)).toEqual({ ...common(type), ...expected });
  });

  it('take the length of the generation where the event does not say it', () => {
    expect(eventColumns('reject', { reason: 'undone' }, 812)).toMatchObject({ total_chars: 812 });
    expect(eventColumns('copy', { chars: 1, of: 7, method: 'menu' }, 812)).toMatchObject({ total_chars: 7 });
  });
});

describe('a whole row', () => {
  it('is one line of JSON with everything in it', () => {
    const event = eventSchemas.reject.parse({ id: ID, g: 'g1', t: T, type: 'reject', reason: 'deleted' });
    const part = eventPart({ event, meaning: meaningOf(event, 750), occurredAt: T, clockSuspect: true, length: 812 });
    const row = joinRow(batch, generation, attributesPart({ locale: 'de' }), part);
    expect(row.endsWith('}\n')).toBe(true);
    expect(row.indexOf('\n')).toBe(row.length - 1);
    expect(JSON.parse(row)).toEqual({
      project_id: 'demo',
      received_at: 1_767_225_600_000,
      surface: 'web',
      sdk: 'tacit-web/1.0.0',
      generation_id: 'g"1',
      generated_at: 1_767_225_590_001,
      prompt_id: 'summarise',
      prompt_version: '7',
      model: 'gpt-x',
      model_version: '2026-10',
      experiment: 'exp1',
      arm: 'B',
      assignment: 'randomised:user',
      task_id: 'task',
      user_kind: 'client',
      user_key: '18446744073709551615',
      attributes: { locale: 'de' },
      ...common('reject'),
      reason: 'deleted',
      decides: 'reject',
      total_chars: 812,
      clock_suspect: 1,
    });
  });

  it('takes the dimensions whole from the token when there is one, and the task from the page', () => {
    const part = generationPart({
      id: 'g1',
      generatedAt: 1,
      entry: { promptId: 'forged', modelVersion: 'forged', experiment: { id: 'x', arm: 'y' }, taskId: 'task' },
      token: { generationId: 'g1', generatedAt: 1, promptId: 'true' },
      person: { kind: 'none', key: '0' },
    });
    expect(JSON.parse(`{${part.slice(1)}}`)).toEqual({
      generation_id: 'g1',
      generated_at: 1,
      prompt_id: 'true',
      task_id: 'task',
      trusted: 1,
    });
  });

  it('mends lone surrogates and escapes what JSON escapes', () => {
    const part = batchPart({ projectId: 'demo', receivedAt: 1, surface: 'a\ud83d"\\\n', sdk: '😀' });
    expect(JSON.parse(`${part}}`)).toEqual({ project_id: 'demo', received_at: 1, surface: 'a\ufffd"\\\n', sdk: '😀' });
    expect(part).not.toMatch(/\\ud83d/i);
    expect(attributesPart({ 'k\ud800': 'v\udc00' })).toBe(',"attributes":{"k\ufffd":"v\ufffd"}');
  });

  it('keeps an attribute named __proto__ as a name like any other', () => {
    const attributes = JSON.parse('{"__proto__":"x","a":"b"}') as Record<string, string>;
    expect(attributesPart(attributes)).toBe(',"attributes":{"__proto__":"x","a":"b"}');
  });
});
