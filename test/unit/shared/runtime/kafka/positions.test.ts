// What becomes of records that came: taken, asked for once more, or taken with a loud word for what is gone before them.
import { expect, test } from 'vitest';
import { ASKED_AGAIN_MAX, judgeArrival, type Arrival } from '../../../../../shared/runtime/kafka/positions.js';

const bounds = { low: 100, high: 200 };

function check(arrival: Partial<Arrival> & { offset: number }, expected: ReturnType<typeof judgeArrival>): void {
  expect(judgeArrival({ next: 150, askedAgain: 0, ...arrival }, bounds)).toBe(expected);
}

test('records that had to come, and any where nothing is known, are taken', () => {
  check({ offset: 150 }, 'take');
  check({ offset: 3, next: undefined }, 'take');
});

test('records before or behind those that had to come make the client fetch these', () => {
  check({ offset: 151 }, 'fetch again');
  check({ offset: 149 }, 'fetch again');
  check({ offset: 101, next: 100 }, 'fetch again');
  check({ offset: 120, next: 200 }, 'fetch again');
});

test('a position before the oldest or behind the newest record is gone', () => {
  check({ offset: 100, next: 99 }, 'gone');
  check({ offset: 100, next: 201 }, 'gone');
});

test('a gap that stays is taken for real after its last fetch', () => {
  check({ offset: 151, askedAgain: ASKED_AGAIN_MAX - 1 }, 'fetch again');
  check({ offset: 151, askedAgain: ASKED_AGAIN_MAX }, 'gone');
});
