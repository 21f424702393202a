// Mails over TLS: a real mail server whose certificate nobody vouches for gets nothing, least of all a password.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import { mailDomain, messageId, sendMail } from '../../../../../services/reporter/deliver/mail.js';

const MAIL = { subject: 'A report', id: 'a1', headers: {}, text: 'Text.', html: '<p>Text.</p>' };

test.each([
  ['smtps', true],
  ['smtp', false],
])(
  'a server at %s: whose certificate is not trusted gets neither a sign-in nor a mail, and that is weather',
  async (scheme, secure) => {
    const seen: string[] = [];
    // without a certificate of its own the server takes one that is neither valid nor trusted
    const server = new SMTPServer({
      secure,
      onAuth: (_auth, _session, done) => {
        seen.push('sign-in');
        done(null, { user: 'anybody' });
      },
      onData: (stream, _session, done) => {
        seen.push('mail');
        stream.resume().once('end', () => done());
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.server.address() as AddressInfo;
      const url = `${scheme}://user:a-password@127.0.0.1:${port}`;
      expect(await sendMail(MAIL, 'lead@example.com', { url, from: 'tacit@example.com' })).toEqual({
        result: 'retry',
        detail: 'the certificate of the other side is not trusted',
      });
      expect(seen).toEqual([]);
    } finally {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  },
);

test('a server that is not there refused the connection', async () => {
  const url = 'smtp://127.0.0.1:1';
  expect(await sendMail(MAIL, 'lead@example.com', { url, from: 'tacit@example.com' })).toEqual({
    result: 'retry',
    detail: 'the connection was refused',
  });
});

test('the Message-ID is of the domain of the sender', () => {
  expect(messageId('a1', 'Tacit <tacit@mail.example.com>')).toBe('<a1@mail.example.com>');
  expect(mailDomain('nobody')).toBe('tacit');
});
