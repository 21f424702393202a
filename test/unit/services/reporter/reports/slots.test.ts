// When reports are due: expressions, time zones, days on which clocks change, leap days. Tables of instants, and a property.
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { instantOf, wallTime } from '../../../../../services/reporter/reports/local-time.js';
import {
  cronProblem,
  newestSlot,
  nextSlot,
  slotsBetween,
  slotsOfDay,
} from '../../../../../services/reporter/reports/slots.js';

function slots(cron: string, timeZone: string, after: string, until: string): string[] {
  return slotsBetween({ cron, timeZone }, Date.parse(after), Date.parse(until)).map((slot) =>
    new Date(slot).toISOString().replace(':00.000Z', 'Z'),
  );
}

describe('slots', () => {
  test.each([
    [
      '0 6 * * 1',
      'UTC',
      '2026-11-01T00:00Z',
      '2026-11-17T00:00Z',
      ['2026-11-02T06:00Z', '2026-11-09T06:00Z', '2026-11-16T06:00Z'],
    ],
    ['15 0 6 * * *', 'UTC', '2026-11-01T00:00Z', '2026-11-02T00:00Z', ['2026-11-01T06:00:15.000Z']],
    ['0 6 * * *', 'Asia/Kolkata', '2026-11-01T00:00Z', '2026-11-02T00:00Z', ['2026-11-01T00:30Z']],
    ['0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', '2033-01-01T00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['0 6 L * *', 'UTC', '2028-02-01T00:00Z', '2028-04-01T00:00Z', ['2028-02-29T06:00Z', '2028-03-31T06:00Z']],
    ['0 6 * * 0', 'Pacific/Apia', '2011-12-20T00:00Z', '2012-01-03T00:00Z', ['2011-12-25T16:00Z', '2011-12-31T16:00Z']],
  ] as [string, string, string, string, string[]][])('of %s in %s', (cron, zone, after, until, expected) => {
    expect(slots(cron, zone, after, until)).toEqual(expected);
  });

  test.each([
    // clocks are put forward: 02:30 does not exist
    ['30 2 * * *', 'Europe/Berlin', '2027-03-27', ['03-27T01:30Z', '03-28T01:00Z', '03-29T00:30Z']],
    ['30 2 * * *', 'America/New_York', '2027-03-13', ['03-13T07:30Z', '03-14T07:00Z', '03-15T06:30Z']],
    ['15 2 * * *', 'Australia/Lord_Howe', '2027-10-02', ['10-01T15:45Z', '10-02T15:30Z', '10-03T15:15Z']],
    // clocks are put back: 02:30 (01:30, 01:45) comes twice
    ['30 2 * * *', 'Europe/Berlin', '2027-10-30', ['10-30T00:30Z', '10-31T00:30Z', '11-01T01:30Z']],
    ['30 1 * * *', 'America/New_York', '2027-11-06', ['11-06T05:30Z', '11-07T05:30Z', '11-08T06:30Z']],
    ['45 1 * * *', 'Australia/Lord_Howe', '2027-04-03', ['04-02T14:45Z', '04-03T14:45Z', '04-04T15:15Z']],
    // nothing changes
    ['30 2 * * *', 'UTC', '2027-03-27', ['03-27T02:30Z', '03-28T02:30Z', '03-29T02:30Z']],
  ])('of %s in %s come once on each of the three days from %s', (cron, timeZone, day, expected) => {
    const from = instantOf(Date.parse(day), timeZone);
    const until = instantOf(Date.parse(day) + 3 * 86_400_000, timeZone) - 1;
    const found = slotsBetween({ cron, timeZone }, from - 1, until);
    expect(found.map((slot) => new Date(slot).toISOString().slice(5, 16) + 'Z')).toEqual(expected);
  });

  test('of every hour are one an hour over both changes, and the hour that comes twice has one', () => {
    const day = (from: string, to: string) => slots('0 * * * *', 'Europe/Berlin', from, to);
    expect(day('2027-03-27T23:59Z', '2027-03-28T03:00Z')).toEqual(
      ['00:00', '01:00', '02:00', '03:00'].map((time) => `2027-03-28T${time}Z`),
    );
    expect(day('2027-10-30T23:59Z', '2027-10-31T03:00Z')).toEqual(
      ['00:00', '02:00', '03:00'].map((time) => `2027-10-31T${time}Z`),
    );
  });

  test('of a day are those of the calendar on the wall', () => {
    const schedule = { cron: '0 23 * * *', timeZone: 'America/New_York' };
    expect(slotsOfDay(schedule, '2027-11-07').map((slot) => new Date(slot).toISOString())).toEqual([
      '2027-11-08T04:00:00.000Z',
    ]);
    expect(slotsOfDay({ cron: '0 6 * * 1', timeZone: 'UTC' }, '2026-11-17')).toEqual([]);
  });

  test('begin after the first bound and end at the second', () => {
    const at = '2026-11-02T06:00Z';
    expect(slots('0 6 * * 1', 'UTC', at, '2026-11-02T07:00Z')).toEqual([]);
    expect(slots('0 6 * * 1', 'UTC', '2026-11-02T05:59:59.999Z', at)).toEqual([at]);
    expect(slots('0 6 * * 1', 'UTC', '2026-11-01T00:00Z', '2026-11-02T05:59:59.999Z')).toEqual([]);
  });
});

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Santiago'];
const zone = fc.constantFrom(...ZONES);
const minute = fc.integer({ min: 0, max: 59 });
const hour = fc.integer({ min: 0, max: 23 });
const year = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) });

test('a daily report has exactly one slot on each day of any zone, in order', () => {
  fc.assert(
    fc.property(zone, minute, hour, year, (timeZone, m, h, start) => {
      const schedule = { cron: `${m} ${h} * * *`, timeZone };
      const first = Math.floor(start / 86_400_000) * 86_400_000;
      for (let day = 0; day < 3; day++) {
        const iso = new Date(first + day * 86_400_000).toISOString().slice(0, 10);
        expect(slotsOfDay(schedule, iso), `${schedule.cron} ${timeZone} ${iso}`).toHaveLength(1);
      }
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('slots do not depend on how time is cut into pieces, and the newest and the next ones agree with them', () => {
  fc.assert(
    fc.property(
      zone,
      minute,
      year,
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
      (timeZone, m, start, hours, cut) => {
        const schedule = { cron: `${m} */3 * * *`, timeZone };
        const end = start + hours * 3_600_000;
        const middle = Math.min(start + cut * 3_600_000, end);
        const whole = slotsBetween(schedule, start, end);
        expect([...slotsBetween(schedule, start, middle), ...slotsBetween(schedule, middle, end)]).toEqual(whole);
        expect(new Set(whole).size).toBe(whole.length);
        expect([...whole].sort((a, b) => a - b)).toEqual(whole);
        if (whole.length > 0) {
          expect(newestSlot(schedule, end)).toBe(whole.at(-1));
          expect(nextSlot(schedule, start)).toBe(whole[0]);
        }
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});

test('a wall time that exists stands for an instant that shows it, and wall times keep their order', () => {
  fc.assert(
    fc.property(zone, year, fc.integer({ min: 0, max: 7_200_000 }), (timeZone, wall, more) => {
      const instant = instantOf(wall, timeZone);
      const shown = wallTime(instant, timeZone);
      expect(shown).toBeGreaterThanOrEqual(wall);
      expect(shown - wall).toBeLessThanOrEqual(3_600_000);
      expect(instantOf(wall + more, timeZone)).toBeGreaterThanOrEqual(instant);
    }),
    { seed: 7, numRuns: 300 },
  );
});

describe('an expression', () => {
  test.each([
    '0 6 * * *',
    '0 6 * * 1',
    '0 0 6 * * 1',
    '30 6-18 * * MON-FRI',
    '0 6 1,15 * *',
    '0 6 * MAR THU',
    '0 6 * * 1#1',
    '0 0 29 2 *',
  ])('such as %s is taken', (cron) => {
    expect(cronProblem(cron)).toBeUndefined();
  });

  test.each([
    ['', /five fields/],
    ['* *', /five fields/],
    ['@daily', /five fields/],
    ['0 0 0 6 * * 1', /five fields/],
    ['* * * * *', /more than once an hour/],
    ['0,30 6 * * *', /more than once an hour/],
    ['*/15 * * * *', /more than once an hour/],
    ['* 0 6 * * *', /more than once an hour/],
    ['H 6 * * *', /H/],
    ['h 6 * * *', /H/],
    ['61 6 * * *', /not a cron expression/],
    ['0 6 30 2 *', /not a cron expression/],
    ['a b c d e', /not a cron expression/],
  ])('such as %j is refused in words', (cron, problem) => {
    expect(cronProblem(cron)).toMatch(problem);
  });

  test('that never comes true has no newest and no next slot, and ends', () => {
    const schedule = { cron: '0 0 29 2 *', timeZone: 'UTC' };
    expect(newestSlot(schedule, Date.parse('2104-01-01'))).toBe(Date.parse('2096-02-29'));
    expect(newestSlot(schedule, Date.parse('2104-02-29'))).toBe(Date.parse('2104-02-29'));
    expect(nextSlot(schedule, Date.parse('2096-03-01'))).toBe(Date.parse('2104-02-29'));
  });
});
