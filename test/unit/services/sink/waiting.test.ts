// Waits are said once at the level of their consequence, and again when they last.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ALARM_AFTER_MS } from '../../../../services/sink/limits.js';
import { StoppedError, Waiting, type WaitReason } from '../../../../services/sink/waiting.js';
import { ClickHouseError } from '../../../../shared/runtime/clickhouse.js';
import { WeatherError } from '../../../../shared/runtime/errors.js';
import { createLogger } from '../../../../shared/runtime/log.js';

let now = 0;
let said: { level: string; fields: Record<string, unknown>; sentence: string }[] = [];
let stop = new AbortController();
let waiting: Waiting;

beforeEach(() => {
  now = 0;
  said = [];
  stop = new AbortController();
  const log = createLogger('sink', 'silent');
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(log, level).mockImplementation((fields: unknown, sentence?: unknown) => {
      said.push({ level, fields: fields as Record<string, unknown>, sentence: String(sentence) });
    });
  waiting = new Waiting({ log, clock: { now: () => now, monotonic: () => now }, stop: stop.signal });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function levelsOver(reason: WaitReason, ms: number, everyMs: number): string[] {
  for (const until = now + ms; now <= until; now += everyMs) waiting.note(reason);
  return said.map(({ level }) => level);
}

test('what passes by itself is a warning, and an error once a minute from the first minute on', () => {
  expect(levelsOver('clickhouse', ALARM_AFTER_MS - 1, 1000)).toEqual(['warn']);
  now = ALARM_AFTER_MS;
  expect(levelsOver('clickhouse', 2 * ALARM_AFTER_MS, 1000)).toEqual(['warn', 'error', 'error', 'error']);
});

test.each<WaitReason>(['witness', 'dead_letters'])('%s needs a person at once', (reason) => {
  expect(levelsOver(reason, 10_000, 1000)).toEqual(['error']);
});

test('the end of a wait is said, and the next one starts anew', () => {
  waiting.note('clickhouse');
  waiting.over('clickhouse');
  waiting.over('clickhouse');
  expect(waiting.isWaitingFor('clickhouse')).toBe(false);
  waiting.note('clickhouse');
  expect(said.map(({ level }) => level)).toEqual(['warn', 'info', 'warn']);
});

test('an alarm holds codes and no message', () => {
  waiting.note('clickhouse', new ClickHouseError('refused: somebody@example.com', 497, false));
  expect(said[0]?.fields).toMatchObject({ reason: 'clickhouse', serverCode: 497, code: 'clickhouse_refused' });
  expect(JSON.stringify(said)).not.toContain('somebody');
});

test('what the stream says of itself is shown, and another trouble is said at once', () => {
  const trouble = (code: string) => new WeatherError(code, `because of ${code}`, { retriable: true });
  for (const code of ['kafka_joining', 'kafka_sign_in', 'kafka_joining', 'kafka_sign_in'])
    waiting.note('stream', trouble(code));
  expect(said.map(({ level, fields }) => [level, fields['why']])).toEqual([
    ['warn', 'because of kafka_joining'],
    ['warn', 'because of kafka_sign_in'],
  ]);
});

test('a pause ends with the stop', async () => {
  const pause = waiting.pause('clickhouse');
  stop.abort();
  await expect(pause).rejects.toThrow(StoppedError);
  await expect(waiting.pause('clickhouse')).rejects.toThrow(StoppedError);
});
