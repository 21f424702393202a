// What the README says about reports, beside what the program takes: the example file, the sections, the defaults.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_REPORTS, reportsFileSchema, SECTIONS } from '../../services/reporter/reports/definition.js';
import { slotsBetween } from '../../services/reporter/reports/slots.js';
import { projectRoot } from '../../shared/runtime/project-root.js';

const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
const section = /^## Reports\n([^]*?)^## /m.exec(readme)?.[1] ?? '';
const example = reportsFileSchema.parse(JSON.parse(/^```json\n([^]*?)^```$/m.exec(section)?.[1] ?? ''));

test('the example is a reports file, with one target of each kind', () => {
  const [weekly] = example.reports;
  expect(weekly).toMatchObject({ id: 'weekly', timeZone: 'Europe/Berlin', windowDays: 28 });
  expect(weekly?.targets.map(({ kind }) => kind).sort()).toEqual(['email', 'file', 'slack', 'webhook']);
});

test('the example is due on Mondays at eight in Berlin, in summer and in winter', () => {
  const [weekly] = example.reports;
  if (weekly === undefined) throw new Error('there is no report');
  const due = (from: string, to: string) =>
    slotsBetween(weekly, Date.parse(from), Date.parse(to)).map((slot) => new Date(slot).toISOString());
  expect(due('2026-10-19', '2026-10-20')).toEqual(['2026-10-19T06:00:00.000Z']);
  expect(due('2026-10-26', '2026-10-27')).toEqual(['2026-10-26T07:00:00.000Z']);
});

test('every section that there is, is named', () => {
  for (const name of SECTIONS) expect(section).toContain(`\`${name}\``);
});

test('the defaults are those that it names', () => {
  expect(section).toContain('06:00 UTC, daily over 7 days and on Mondays over 28');
  expect(DEFAULT_REPORTS.map(({ cron, timeZone, windowDays }) => [cron, timeZone, windowDays])).toEqual([
    ['0 6 * * *', 'UTC', 7],
    ['0 6 * * 1', 'UTC', 28],
  ]);
  expect(DEFAULT_REPORTS[0]).toMatchObject({ catchUpHours: 72, targets: [{ kind: 'file' }] });
  expect(DEFAULT_REPORTS[0]?.sections).toEqual([...SECTIONS]);
});
