// What npm run report understands: its arguments, and which slot a day or a time means.
import { describe, expect, test } from 'vitest';
import { readReportArgs } from '../../../../scripts/reports/args.js';
import { whichSlot } from '../../../../scripts/reports/which-slot.js';

describe('arguments', () => {
  const read = (line: string) => readReportArgs(line.split(' ').filter((word) => word !== ''));

  test.each([
    ['--report weekly', { report: 'weekly', verb: 'render', format: 'md', send: false }],
    ['--report weekly --at 2026-11-16 --format html', { at: '2026-11-16', format: 'html' }],
    ['--report weekly --out a/b.json', { out: 'a/b.json', format: 'json' }],
    ['--report weekly --out b.htm --format md', { format: 'md' }],
    ['--report weekly --recompute --send', { verb: 'recompute', send: true }],
    ['--report weekly --preview', { verb: 'preview' }],
    ['--report weekly --edition 2', { edition: 2 }],
  ])('%s are understood', (line, expected) => {
    expect(read(line)).toMatchObject(expected);
  });

  test.each([
    ['', /npm run report/],
    ['--reports weekly', /npm run report/],
    ['--report weekly --format pdf', /--format takes one of html, md, json/],
    ['--report weekly --recompute --preview', /one of them/],
    ['--report weekly --send', /--send goes with --recompute/],
    ['--report weekly --edition 0', /whole number from 1/],
    ['--report weekly --edition 2 --recompute', /--edition names a stored report/],
  ])('%j are refused in words', (line, problem) => {
    expect(() => read(line)).toThrow(problem);
  });
});

describe('the slot', () => {
  const NOW = Date.parse('2026-11-30T22:00Z');
  const weekly = { id: 'weekly', cron: '0 6 * * 1', timeZone: 'UTC' };
  const berlin = { id: 'berlin', cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
  const hourly = { id: 'hourly', cron: '0 * * * *', timeZone: 'UTC' };

  test.each([
    [weekly, undefined, '2026-11-30T06:00:00.000Z'],
    [weekly, '2026-11-16', '2026-11-16T06:00:00.000Z'],
    [weekly, '2026-11-16T06:00', '2026-11-16T06:00:00.000Z'],
    [weekly, '2026-11-16T07:00:00+01:00', '2026-11-16T06:00:00.000Z'],
    [berlin, '2026-11-16', '2026-11-16T01:30:00.000Z'],
    [berlin, '2026-11-16T02:30', '2026-11-16T01:30:00.000Z'],
    [berlin, '2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
    [hourly, '2026-11-16T05:00Z', '2026-11-16T05:00:00.000Z'],
  ])('of %j at %s is %s', (schedule, at, expected) => {
    expect(new Date(whichSlot(schedule, at, NOW)).toISOString()).toBe(expected);
  });

  test.each([
    [
      weekly,
      '2026-11-17',
      /no slot at 2026-11-17 \(UTC\). The nearest are 2026-11-16T06:00:00Z and 2026-11-23T06:00:00Z/,
    ],
    [weekly, '2026-11-16T06:01', /no slot at 2026-11-16T06:01/],
    [weekly, '2026-12-07', /2026-12-07T06:00:00Z of weekly has not come yet/],
    [hourly, '2026-11-16', /24 slots on 2026-11-16: name one, such as 2026-11-16T00:00:00Z/],
    [weekly, 'yesterday', /--at takes a day/],
    [weekly, '2026-02-30', /--at takes a day/],
    [weekly, '2026-11-16T25:00', /--at takes a day/],
  ])('of %j at %s is refused in words', (schedule, at, problem) => {
    expect(() => whichSlot(schedule, at, NOW)).toThrow(problem);
  });
});
