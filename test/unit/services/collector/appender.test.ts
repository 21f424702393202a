// Many requests share one append, and each is answered only when its own rows are durable.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Appender, GROUP_BYTES } from '../../../../services/collector/appender.js';
import type { Lines } from '../../../../services/collector/blocks.js';
import { MemoryStreamWriter } from '../../../support/memory-stream.js';

const log = pino({ level: 'silent' });
const lines = (text: string, table: Lines['table'] = 'events'): Lines => ({ table, rows: 1, text });

function gate(): { promise: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

describe('the appender', () => {
  it('puts what comes at once into one append', async () => {
    const writer = new MemoryStreamWriter();
    const appender = new Appender(writer, log);
    await Promise.all(['a\n', 'b\n', 'c\n'].map((text) => appender.append([lines(text), lines(text, 'drops')])));
    expect(writer.appends.map((blocks) => blocks.map(({ table, body }) => [table, body.toString()]))).toEqual([
      [
        ['events', 'a\nb\nc\n'],
        ['drops', 'a\nb\nc\n'],
      ],
    ]);
    expect(appender.counts).toMatchObject({ groups: 1, blocks: 2, bytes: 12, failures: 0 });
  });

  it('gathers while an append is under way, and answers nobody early', async () => {
    const writer = new MemoryStreamWriter();
    const appender = new Appender(writer, log);
    const { promise, open } = gate();
    writer.gate = promise;
    const settled: string[] = [];
    const first = appender.append([lines('1\n')]).then(() => settled.push('first'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const later = ['2\n', '3\n'].map((text) => appender.append([lines(text)]).then(() => settled.push(text)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(settled).toEqual([]);
    open();
    await Promise.all([first, ...later]);
    expect(writer.appends.map((blocks) => blocks.map(({ body }) => body.toString()))).toEqual([['1\n'], ['2\n3\n']]);
  });

  it('fails each request of a failed group and none of the next', async () => {
    const writer = new MemoryStreamWriter();
    const appender = new Appender(writer, log);
    writer.failing = true;
    const results = await Promise.all([appender.append([lines('1\n')]), appender.append([lines('2\n')])]);
    expect(results).toEqual([false, false]);
    writer.failing = false;
    expect(await appender.append([lines('3\n')])).toBe(true);
    expect(writer.rows('events')).toEqual([3]);
    expect(appender.counts).toMatchObject({ groups: 1, failures: 1 });
  });

  it('bounds a group, and keeps the order', async () => {
    const writer = new MemoryStreamWriter();
    const appender = new Appender(writer, log);
    const large = lines('x'.repeat(GROUP_BYTES));
    await Promise.all([appender.append([large]), appender.append([large]), appender.append([lines('7\n')])]);
    expect(writer.appends.map((blocks) => blocks.length)).toEqual([1, 1, 1]);
  });

  it('has nothing to do for no blocks', async () => {
    const writer = new MemoryStreamWriter();
    expect(await new Appender(writer, log).append([])).toBe(true);
    expect(writer.appends).toEqual([]);
  });

  it('drains: nothing waits afterwards', async () => {
    const writer = new MemoryStreamWriter();
    const appender = new Appender(writer, log);
    let done = false;
    void appender.append([lines('1\n')]).then(() => (done = true));
    await appender.drained();
    await Promise.resolve();
    expect(done).toBe(true);
  });
});
