// The load's own HTTP: a request in one piece, an answer put together from pieces.
import { expect, test } from 'vitest';
import { requestBytes, wholeAnswer } from '../../bench/post-connection.js';

test('a request says how many bytes its body has', () => {
  const text = requestBytes(new URL('http://127.0.0.1:7070/v1/events'), 'pk_x', '{"ä":1}').toString();
  expect(text).toBe(
    'POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1:7070\r\ncontent-type: application/json\r\n' +
      'authorization: Bearer pk_x\r\ncontent-length: 8\r\n\r\n{"ä":1}',
  );
});

test('an answer counts once all of it is there', () => {
  const answer = 'HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello';
  for (let length = 0; length < answer.length; length += 1)
    expect(wholeAnswer(Buffer.from(answer.slice(0, length)))).toBeUndefined();
  expect(wholeAnswer(Buffer.from(answer))).toBe('hello');
});

test('an answer that takes nothing ends the load', () => {
  const refused = Buffer.from('HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\nno');
  expect(() => wholeAnswer(refused)).toThrow('429');
});
