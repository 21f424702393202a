// Certificates of the tests are what OpenSSL, which is in Node, takes them for.
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeAuthority } from '../../support/certificates.js';

test('a certificate is signed by its authority and no other, for its names alone', () => {
  const [authority, other] = [makeAuthority('one'), makeAuthority('other')].map(
    ({ cert }) => new X509Certificate(cert),
  );
  const signing = makeAuthority();
  const { cert, key } = signing.signed('mail.test', '127.0.0.1');
  const leaf = new X509Certificate(cert);
  const issuer = new X509Certificate(signing.cert);
  expect([issuer.ca, leaf.ca, authority?.ca]).toEqual([true, false, true]);
  expect([issuer, authority, other].map((each) => each !== undefined && leaf.verify(each.publicKey))).toEqual([
    true,
    false,
    false,
  ]);
  expect(leaf.checkIssued(issuer)).toBe(true);
  expect(leaf.checkHost('mail.test')).toBe('mail.test');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect([leaf.checkHost('other.test'), leaf.checkIP('127.0.0.2')]).toEqual([undefined, undefined]);
  expect(Date.parse(leaf.validFrom)).toBeLessThan(Date.now());
  expect(Date.parse(leaf.validTo)).toBeGreaterThan(Date.now());
  expect(key).toContain('PRIVATE KEY');
});
