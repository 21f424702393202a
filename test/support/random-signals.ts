// Random events that say more than an outcome: reasons, methods, ratings, measurements of what is left, with copies that differ.
// In: a random generator, events of randomEvents. Out: these events with reasons, and others of the same generations.
import type { EventRow } from '../../shared/contract/rows.js';
import type { Random } from './random.js';

const REASONS: Partial<Record<EventRow['event_type'], readonly string[]>> = {
  reject: ['dismissed', 'regenerated', 'undone', ''],
  copy: ['keyboard', 'button', ''],
  accept: ['insert', 'tab', 'partial'],
};

/** No two copies of an event are received at one instant: which of them came first is never left to chance. */
export function withSignals(random: Random, rows: readonly EventRow[]): EventRow[] {
  const all = rows.flatMap((row) => [withReason(random, row), ...(random.chance(0.4) ? others(random, row) : [])]);
  return [...new Map(all.map((row) => [`${row.event_id} ${row.received_at}`, row])).values()];
}

function withReason(random: Random, row: EventRow): EventRow {
  const reasons = REASONS[row.event_type];
  return reasons === undefined ? row : { ...row, reason: random.pick(reasons) };
}

function others(random: Random, row: EventRow): EventRow[] {
  const base = {
    ...row,
    event_id: random.uuid(),
    shows: 0,
    decides: 'nothing',
    decision_value: 0,
    reason: '',
  } as const;
  const occurred_at = row.occurred_at + random.pick([0, 1000, -1000]);
  const made: EventRow = random.pick([
    { ...base, event_type: 'ignore', reason: random.pick(['left', 'timeout', 'superseded']), occurred_at },
    { ...base, event_type: 'rate', label: random.pick(['', 'up', 'down']), value: random.pick([-1, 0.5, 1, 3]) },
    {
      ...base,
      event_type: 'retention',
      after_ms: random.pick([29_999, 30_000, 119_999, 120_000, 300_000, 600_000, 4_000_000]),
      value: random.pick([0, 0.5, 0.669, 0.67, 0.9, 1]),
    },
  ]);
  const again = { ...made, occurred_at: made.occurred_at + 60_000, received_at: made.received_at + 5000 };
  return random.chance(0.3)
    ? [again, made, { ...again, trusted: made.trusted === 1 ? 0 : 1, received_at: made.received_at + 9000 }]
    : [made];
}
