// The outer form of a generation token.
import { describe, expect, it } from 'vitest';
import { joinToken, splitToken } from '../../../../shared/contract/token.js';

const SIGNATURE = 'A'.repeat(43);

describe('a token', () => {
  it('comes apart into what was signed, its payload and its signature', () => {
    expect(splitToken(joinToken('t1.eyJ9', SIGNATURE))).toEqual({
      signed: 't1.eyJ9',
      payload: 'eyJ9',
      signature: SIGNATURE,
    });
  });

  const refused = [
    ['another version', `t2.eyJ9.${SIGNATURE}`],
    ['no payload', `t1..${SIGNATURE}`],
    ['padding', `t1.eyJ9==.${SIGNATURE}`],
    ['plain base64', `t1.ey/9.${SIGNATURE}`],
    ['a short signature', `t1.eyJ9.${SIGNATURE.slice(1)}`],
    ['a long signature', `t1.eyJ9.${SIGNATURE}A`],
    ['a part more', `t1.eyJ9.${SIGNATURE}.x`],
    ['a line end', `t1.eyJ9.${SIGNATURE}\n`],
    ['nothing', ''],
  ];
  it.each(refused)('with %s has another form', (_, token) => expect(splitToken(token)).toBeUndefined());
});
