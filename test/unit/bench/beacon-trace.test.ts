// Which tasks of a trace count as the beacon's.
import { expect, test } from 'vitest';
import { beaconTasks } from '../../bench/beacon-trace.js';

const thread = { pid: 7, tid: 7 };
const call = (ts: number, url: string) => ({ ...thread, name: 'FunctionCall', ts, dur: 5, args: { data: { url } } });
const OURS = 'https://collector.example/tacit/v1.js';

test('a task counts with its CPU when a script of the beacon began in it, on its thread', () => {
  const tasks = [
    { ...thread, name: 'RunTask', ts: 100, dur: 50, tdur: 20_000 },
    { ...thread, name: 'RunTask', ts: 200, dur: 50, tdur: 30_000 },
    { ...thread, tid: 8, name: 'RunTask', ts: 100, dur: 500, tdur: 40_000 },
    { ...thread, name: 'RunTask', ts: 300, dur: 50, tdur: 1500 },
  ];
  const calls = [call(100, OURS), call(210, 'https://app.example/own.js'), call(350, OURS), call(351, OURS)];
  expect(beaconTasks([...tasks, ...calls])).toEqual([20, 1.5]);
});

test('a trace without the beacon has none of its tasks', () => {
  expect(beaconTasks([{ ...thread, name: 'RunTask', ts: 1, dur: 5, tdur: 5000 }])).toEqual([]);
});
