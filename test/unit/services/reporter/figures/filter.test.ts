// What a query string asks for, and what is wrong with it.
import { expect, test } from 'vitest';
import { readFilter } from '../../../../../services/reporter/figures/filter.js';

const NOW = Date.UTC(2026, 10, 24, 12);

function check(query: Record<string, unknown>, expected: Record<string, unknown>): void {
  const read = readFilter(query, NOW);
  expect('filter' in read ? read.filter : read.problems.map(({ parameter }) => parameter)).toEqual(expected);
}

test('without a period it is the last 28 days, today included', () => {
  check({}, { period: '28d', from: '2026-10-28', to: '2026-11-25' });
  check(
    { project: 'a', prompt: 'p', model: 'm' },
    { project: 'a', prompt: 'p', model: 'm', period: '28d', from: '2026-10-28', to: '2026-11-25' },
  );
});

test('periods end with today', () => {
  check({ period: 'today' }, { period: 'today', from: '2026-11-24', to: '2026-11-25' });
  check({ period: '7d' }, { period: '7d', from: '2026-11-18', to: '2026-11-25' });
});

test('dates are taken as they are; a missing one follows from the other', () => {
  check({ from: '2026-11-01', to: '2026-11-02' }, { from: '2026-11-01', to: '2026-11-02' });
  check({ from: '2026-11-20' }, { from: '2026-11-20', to: '2026-11-25' });
  check({ to: '2026-11-20' }, { from: '2026-10-23', to: '2026-11-20' });
});

test('days can stand in the period, as a list of periods offers them', () => {
  check({ period: '2026-11-01..2026-11-03' }, { from: '2026-11-01', to: '2026-11-03' });
});

test('an empty parameter counts as absent, an unknown one is ignored', () => {
  check({ prompt: '', period: '', other: 'x' }, { period: '28d', from: '2026-10-28', to: '2026-11-25' });
});

test.each<[Record<string, unknown>, string[]]>([
  [{ period: 'week' }, ['period']],
  [{ period: '2026-11-03..2026-11-01' }, ['to']],
  [{ period: '2026-13-01..2026-11-01' }, ['from']],
  [{ period: '2026-11-01..2026-11-03', from: '2026-11-01' }, ['period']],
  [{ from: '2026-13-01' }, ['from']],
  [{ from: '2026-02-30' }, ['from']],
  [{ to: 'tomorrow' }, ['to']],
  [{ from: 'x', to: 'y' }, ['from', 'to']],
  [{ from: '2026-11-02', to: '2026-11-02' }, ['to']],
  [{ from: '2026-11-03', to: '2026-11-02' }, ['to']],
  [{ from: '2027-01-01' }, ['to']],
  [{ from: '2025-10-19', to: '2026-11-24' }, ['to']],
  [{ period: '7d', from: '2026-11-01' }, ['period']],
  [{ prompt: ['a', 'b'] }, ['prompt']],
  [{ project: 'x'.repeat(201) }, ['project']],
])('%o is refused by name', (query, expected) => {
  const read = readFilter(query, NOW);
  expect('problems' in read ? read.problems.map(({ parameter }) => parameter) : read).toEqual(expected);
});

test('400 days are answered, 401 are not', () => {
  check({ from: '2025-10-20', to: '2026-11-24' }, { from: '2025-10-20', to: '2026-11-24' });
});
