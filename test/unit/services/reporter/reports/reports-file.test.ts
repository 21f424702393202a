// The reports file: what is refused and how that is said, what stays, what is there without one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DEFAULT_REPORTS,
  REPORT_TARGETS_MAX,
  REPORTS_MAX,
  WINDOW_DAYS_MAX,
} from '../../../../../services/reporter/reports/definition.js';
import {
  openReportsFile,
  parseReports,
  type OpenReportsFile,
  type ReportsFileOptions,
} from '../../../../../services/reporter/reports/reports-file.js';
import { eventually } from '../../../../support/eventually.js';

const SECRET = 'https://hooks.example.com/T0KEN';
const POLL_MS = 10;

let directory: string;
let file: string;
let logged: string[];
let open: OpenReportsFile | undefined;
const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tacit-reports-file-'));
  file = path.join(directory, 'reports.json');
  logged = [];
});
afterEach(async () => {
  open?.close();
  open = undefined;
  await rm(directory, { recursive: true, force: true });
});

const monday = { id: 'monday', cron: '0 8 * * MON', timeZone: 'Europe/Berlin', windowDays: 28 };
const text = (...reports: object[]) => JSON.stringify({ version: 1, reports });

async function opened(differences: Partial<ReportsFileOptions> = {}): Promise<OpenReportsFile> {
  open = await openReportsFile(file, { wanted: false, projects: () => ['shop'], log, pollMs: POLL_MS, ...differences });
  return open;
}

const said = async (words: string) =>
  await eventually(
    async () => await Promise.resolve(logged.filter((line) => line.includes(words))),
    (lines) => lines.length > 0,
  );

describe('a version', () => {
  test('gets what it leaves out', () => {
    expect(parseReports(text({ id: 'monday', cron: '0 8 * * 1', windowDays: 28 }))).toEqual([
      {
        ...{ id: 'monday', cron: '0 8 * * 1', timeZone: 'UTC', windowDays: 28, catchUpHours: 72 },
        sections: ['rates', 'trend', 'changes', 'rejected', 'edits', 'ignores', 'decisions', 'ratings', 'quality'],
        targets: [{ kind: 'file', name: 'files', formats: ['html', 'md', 'json'] }],
      },
    ]);
  });

  test.each([
    ['text that is not JSON', `{"reports": "${SECRET}`, /^it is not valid JSON$/],
    ['a field that is not known', text({ ...monday, colour: SECRET }), /reports\.0: .*colour/],
    ['an expression that is too often true', text({ ...monday, cron: '* * * * *' }), /reports\.0\.cron: is due more/],
    ['an expression that is none', text({ ...monday, cron: SECRET }), /reports\.0\.cron: must have five fields/],
    ['a time zone that is not there', text({ ...monday, timeZone: SECRET }), /reports\.0\.timeZone: must be an IANA/],
    [
      'an address in the open',
      text({ ...monday, targets: [{ kind: 'slack', name: 'team', url: { value: SECRET } }] }),
      /reports\.0\.targets\.0\.url/,
    ],
    ['a section that is not there', text({ ...monday, sections: [SECRET] }), /reports\.0\.sections\.0/],
    ['an id that is used twice', text(monday, monday), /reports: an id is used twice/],
  ])('with %s is refused by place, never by value', (_, input, problem) => {
    expect(() => parseReports(input)).toThrow(problem);
    expect(() => parseReports(input)).not.toThrow(/T0KEN/);
  });

  test('has all its problems named at once', () => {
    const bad = text({ ...monday, cron: '61 * * * *', windowDays: 0 }, { ...monday, id: 'UPPER' });
    expect(() => parseReports(bad)).toThrow(/reports\.0\.cron.*reports\.0\.windowDays.*reports\.1\.id/);
  });

  const many = (n: number) => Array.from({ length: n }, (_, at) => ({ ...monday, id: `r${at}` }));
  const targets = (n: number) => ({
    ...monday,
    targets: Array.from({ length: n }, (_, at) => ({ kind: 'file', name: `t${at}` })),
  });
  test.each([
    [many(REPORTS_MAX), many(REPORTS_MAX + 1)],
    [[{ ...monday, windowDays: WINDOW_DAYS_MAX }], [{ ...monday, windowDays: WINDOW_DAYS_MAX + 1 }]],
    [[targets(REPORT_TARGETS_MAX)], [targets(REPORT_TARGETS_MAX + 1)]],
    [[{ ...monday, catchUpHours: 744 }], [{ ...monday, catchUpHours: 745 }]],
  ])('is taken at a limit and refused one past it', (at, past) => {
    expect(parseReports(text(...at))).toHaveLength(at.length);
    expect(() => parseReports(text(...past))).toThrow();
  });
});

describe('the file', () => {
  test('may be absent, and then there are a daily and a weekly report', async () => {
    expect((await opened()).current()).toBe(DEFAULT_REPORTS);
    expect(DEFAULT_REPORTS.map(({ id, cron }) => [id, cron])).toEqual([
      ['daily', '0 6 * * *'],
      ['weekly', '0 6 * * 1'],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
    expect(logged).toEqual([]);
  });

  test('that comes later is taken, and its last good version stays while it is bad or away', async () => {
    const reports = await opened();
    await writeFile(file, text(monday));
    await said('read again');
    expect(reports.current()?.map(({ id }) => id)).toEqual(['monday']);
    await writeFile(file, text({ ...monday, cron: 'x' }));
    await said('reports.0.cron');
    await rm(file);
    await said('ENOENT');
    expect(reports.current()?.map(({ id }) => id)).toEqual(['monday']);
    await writeFile(file, text());
    await eventually(
      async () => await Promise.resolve(reports.current()?.length),
      (n) => n === 0,
    );
  });

  test.each([
    ['bad', true],
    ['named and absent', false],
  ])('that is %s at the start means no reports, is logged at error, and counts once it is mended', async (_, there) => {
    if (there) await writeFile(file, text({ ...monday, cron: SECRET }));
    const reports = await opened({ wanted: true });
    expect(reports.current()).toBeUndefined();
    expect(logged.filter((line) => line.includes('"level":50'))[0]).toContain(there ? 'reports.0.cron' : 'missing');
    expect(logged.join('')).not.toContain('T0KEN');
    await writeFile(file, text(monday));
    await eventually(
      async () => await Promise.resolve(reports.current()?.length),
      (n) => n === 1,
    );
  });

  test('that names projects which are not there is taken, with a warning of where', async () => {
    await writeFile(file, text(monday, { ...monday, id: 'tuesday', projects: ['shop', 'gone'] }));
    expect((await opened()).current()).toHaveLength(2);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('"at":["reports.1.projects.1"]');
  });
});
