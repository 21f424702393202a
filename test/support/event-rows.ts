// Rows of `events` for tests that put blocks into the stream by themselves. Complete, and different by their number.
import { randomUUID } from 'node:crypto';
import type { StreamTable } from '../../shared/contract/rows.js';
import type { Block } from '../../shared/runtime/stream.js';

/** A whole row; `over` replaces and adds fields, also by values that the table refuses. */
export function eventRow(over: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Date.now();
  return {
    project_id: 'demo',
    generation_id: randomUUID(),
    generated_at: now - 60_000,
    event_id: randomUUID(),
    event_type: 'copy',
    shows: 0,
    decides: 'accept',
    decision_value: 1,
    occurred_at: now - 30_000,
    received_at: now,
    prompt_id: 'summarise',
    prompt_version: '7',
    model: 'model-a',
    model_version: '2026-10',
    experiment: '',
    arm: '',
    assignment: '',
    surface: 'web',
    task_id: '',
    user_kind: 'user',
    user_key: '12345678901234567890',
    trusted: 1,
    reason: 'button',
    visible_ms: 0,
    chars: 220,
    total_chars: 812,
    after_ms: 0,
    name: '',
    version: '',
    subject: '',
    rank: 0,
    action: '',
    source: '',
    label: '',
    value: 0,
    clock_suspect: 0,
    sdk: 'tacit-test/1.0.0',
    attributes: { locale: 'de' },
    ...over,
  };
}

/** A block of rows or of lines as they are. */
export function blockOf(lines: readonly (Record<string, unknown> | string)[], table: StreamTable = 'events'): Block {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  return { table, rows: lines.length, body: Buffer.from(text.join('')) };
}
