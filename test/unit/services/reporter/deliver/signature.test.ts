// The signature of webhooks: a vector that any language can check, and what it depends on.
import { expect, test } from 'vitest';
import { signatureOf } from '../../../../../services/reporter/deliver/signature.js';

test('it is the HMAC-SHA256 of time, dot and body in hex', () => {
  // printf '1767225600.{"a":"é"}' | openssl dgst -sha256 -hmac 'a secret of sixteen'
  expect(signatureOf('{"a":"é"}', 'a secret of sixteen', 1767225600)).toBe(
    't=1767225600,v1=40f2e08f0655c7dd5ab0d3ee9618634176d444d496054c9d308be90eb270e708',
  );
});

test('body, secret and time each change it', () => {
  const first = signatureOf('{}', 'secret one', 1);
  for (const other of [
    signatureOf('{} ', 'secret one', 1),
    signatureOf('{}', 'secret two', 1),
    signatureOf('{}', 'secret one', 2),
  ])
    expect(other.split('v1=')[1]).not.toBe(first.split('v1=')[1]);
});
