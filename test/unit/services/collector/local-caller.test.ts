// Who counts as this machine itself.
import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { isLocal } from '../../../../services/collector/local-caller.js';

const cases: readonly (readonly [string | undefined, Record<string, string>, boolean])[] = [
  ['127.0.0.1', {}, true],
  ['127.8.8.8', {}, true],
  ['::1', {}, true],
  ['::ffff:127.0.0.1', {}, true],
  ['10.0.0.1', {}, false],
  ['::ffff:10.0.0.1', {}, false],
  [undefined, {}, false],
  ['127.0.0.1', { 'x-forwarded-for': '10.0.0.1' }, false],
  ['127.0.0.1', { forwarded: 'for=10.0.0.1' }, false],
  ['127.0.0.1', { via: '1.1 proxy' }, false],
];

it.each(cases)('%s with %j: %s', (remoteAddress, headers, expected) => {
  expect(isLocal({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)).toBe(expected);
});
