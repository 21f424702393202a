// Configuration of the demo product: what it needs, and that every missing part is named.
import { expect, test } from 'vitest';
import { demoConfigSchema } from '../../../../scripts/demo/config.js';
import { readConfig } from '../../../../shared/runtime/config.js';

const env = {
  TACIT_DEMO_COLLECTOR: 'http://127.0.0.1:7070/',
  TACIT_DEMO_LIVE_PAGE: 'http://127.0.0.1:7071/?token=rt',
  TACIT_DEMO_WRITE_KEY: 'pk_demo',
  TACIT_DEMO_SIGNING_SECRET: '0123456789abcdef',
};

test('the collector is an address without a slash at its end, also behind a path', () => {
  const check = (given: string, read: string) =>
    expect(readConfig(demoConfigSchema, { ...env, TACIT_DEMO_COLLECTOR: given }).TACIT_DEMO_COLLECTOR).toBe(read);
  check('http://127.0.0.1:7070/', 'http://127.0.0.1:7070');
  check('http://127.0.0.1:7070', 'http://127.0.0.1:7070');
  check('https://example.com/t/', 'https://example.com/t');
});

test('host and port have the defaults that all know', () => {
  expect(readConfig(demoConfigSchema, env)).toMatchObject({ TACIT_HOST: '127.0.0.1', TACIT_DEMO_PORT: 7072 });
});

test('what is missing or unusable is named, and never its value', () => {
  const check = (change: Record<string, string | undefined>, name: string) => {
    const read = () => readConfig(demoConfigSchema, { ...env, ...change });
    expect(read).toThrow(name);
    for (const value of Object.values(change)) if (value !== undefined) expect(read).not.toThrow(value);
  };
  for (const name of Object.keys(env)) check({ [name]: undefined }, name);
  check({ TACIT_DEMO_COLLECTOR: 'ftp://wrong.example' }, 'TACIT_DEMO_COLLECTOR');
  check({ TACIT_DEMO_SIGNING_SECRET: '0123456789abcde' }, 'TACIT_DEMO_SIGNING_SECRET');
});
