// Comparisons as JSON and as CSV.
import { expect, test } from 'vitest';
import { comparisonJson, comparisonsCsv } from '../../../../../services/reporter/api/comparisons.js';
import { verdictFixture } from '../../../../support/verdict-fixture.js';

test('JSON has the columns in camelCase, with words beside the codes', () => {
  const row = verdictFixture({ warnings: ['sessions_only'], figures: { sessions_only: 0.9 } });
  expect(comparisonJson(row)).toMatchObject({
    comparisonId: 'c1',
    nA: 4100,
    alphaUsed: 0.05,
    flagged: true,
    live: true,
    flaggedSince: '2026-11-12',
    lookAt: '2026-11-24T04:10:00.000Z',
    gates: [],
    warnings: [{ code: 'sessions_only', words: expect.stringContaining('90.0 %') as string }],
    figures: { sessions_only: 0.9 },
    personsLacking: null,
    sentence: expect.stringMatching(/^Version 8 is accepted less often/) as string,
  });
});

test('the persons lacking stand beside not enough evidence alone', () => {
  const few = { verdict: 'not_enough_evidence', n_a: 100, n_b: 100 } as const;
  expect(comparisonJson(verdictFixture(few))['personsLacking']).toBeGreaterThan(0);
});

test('CSV has the names of the columns, and empty fields for what is not known', () => {
  const text = comparisonsCsv([verdictFixture({ low: null, high: null, name_b: '=1+1', gates: ['a', 'b'] })]);
  const [head = '', row = '', end] = text.split('\r\n');
  expect(head).toMatch(/^comparison_id,kind,.*,sentence$/);
  expect(row).toContain("version 7,'=1+1,T1,worse,2026-11-12,worse,-0.048,,,0.05");
  expect(row).toContain(',a b,,2026-11-24T04:10:00.000Z,');
  expect(end).toBe('');
});
