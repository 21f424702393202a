// The format of a report, as it is published, and its id.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { reportId } from '../../../../../services/reporter/reports/report-id.js';
import { reportJsonSchema, reportSchema, type Report } from '../../../../../services/reporter/reports/report.js';
import { assemble } from '../../../../../services/reporter/reports/sections/assemble.js';
import { readingsOf } from '../../../../support/reading-parts.js';
import { frameOf } from '../../../../support/report-parts.js';

const published = z.fromJSONSchema(reportJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);

function check(differences: Partial<Record<keyof Report, unknown>>, accepted: boolean): void {
  const report = { ...assemble(frameOf(), readingsOf()), ...differences };
  expect(reportSchema.safeParse(report).success, 'schema').toBe(accepted);
  expect(published.safeParse(report).success, 'published JSON Schema').toBe(accepted);
}

describe('the schema and the published JSON Schema', () => {
  test('accept a report over nothing', () => check({}, true));
  test('accept fields that come later', () => check({ later: 1 } as never, true));
  test.each([
    ['another version', { version: 2 }],
    ['an id that is none', { id: 'x'.repeat(32) }],
    ['a day that is none', { window: { from: '2026-11-31', to: '2026-12-01', days: 1 } }],
    ['one line of method', { method: ['One.'] }],
    ['three lines of method', { method: ['One.', 'Two.', 'Three.'] }],
    ['a sentence that is too long', { notes: ['x'.repeat(4001)] }],
    ['a link that is none', { link: 'not an address' }],
    ['a missing standing', { standing: undefined }],
    ['a tone that does not exist', { headline: [{ tone: 'bad', sentence: 's', promptId: '' }] }],
  ])('refuse %s', (_, differences) => check(differences, false));
  test('accept a sentence at its limit', () => check({ notes: ['x'.repeat(4000)] }, true));
});

test('the published JSON Schema says which draft it is and names every field', () => {
  const schema = reportJsonSchema() as { $schema: string; properties: object; required: string[] };
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(reportSchema.shape).sort());
  expect([...schema.required].sort()).toEqual(Object.keys(reportSchema.shape).sort());
});

test('an edition keeps its id, and each part of it makes another one', () => {
  const id = reportId('weekly', 'acme', 1000, 1);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(reportId('weekly', 'acme', 1000, 1)).toBe(id);
  const others = [
    reportId('daily', 'acme', 1000, 1),
    reportId('weekly', 'acmf', 1000, 1),
    reportId('weekly', 'acme', 1001, 1),
    reportId('weekly', 'acme', 1000, 2),
    reportId('weekly"', 'acme', 1000, 1),
  ];
  expect(new Set([id, ...others]).size).toBe(6);
});
