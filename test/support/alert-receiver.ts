// Whoever gets alerts in tests: a real HTTP server that answers as it is told, and a real mail server with the mails it took.
// Must leave nothing behind: every test closes what it opens.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What a server does with a request: answer a status (with headers), cut the connection, or never answer. */
export type Answer =
  { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'cut' | 'silence';

export interface HttpReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers for the next requests; after them 200. */
  answers: Answer[];
  close(): Promise<void>;
}

export async function openHttpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = [];
  const receiver = { answers: [] as Answer[] };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({ path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = receiver.answers.shift() ?? { status: 200 };
      if (answer === 'cut') request.socket.resetAndDestroy();
      else if (answer !== 'silence') response.writeHead(answer.status, answer.headers).end('said by the server');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

export interface MailReceiver {
  readonly url: string;
  readonly mails: readonly ParsedMail[];
  /** Each mail's way: whether it was encrypted, and who had signed in. */
  readonly ways: readonly { readonly encrypted: boolean; readonly user: string }[];
  /** Codes for the next recipients; after them they are taken. */
  refusals: number[];
  /** Codes for the next mails, said after the whole mail was read; those mails are among `mails` too. */
  endings: number[];
  close(): Promise<void>;
}

export interface MailTls {
  readonly key: string;
  readonly cert: string;
  /** True: TLS from the first byte. False: by STARTTLS. */
  readonly implicit: boolean;
}

/** Listens on a free port, or on the one given. Takes any sign-in, and without TLS also none. */
export async function openMailReceiver(port = 0, tls?: MailTls): Promise<MailReceiver> {
  const mails: ParsedMail[] = [];
  const ways: { encrypted: boolean; user: string }[] = [];
  const receiver = { refusals: [] as number[], endings: [] as number[] };
  const refusal = (code: number | undefined) =>
    code === undefined ? null : Object.assign(new Error('said by the server'), { responseCode: code });
  const server = new SMTPServer({
    ...(tls === undefined
      ? { disabledCommands: ['STARTTLS'], authOptional: true, allowInsecureAuth: true }
      : { key: tls.key, cert: tls.cert, secure: tls.implicit }),
    onAuth: ({ username, password }, _session, done) => done(null, { user: `${username} ${password}` }),
    onRcptTo: (_address, _session, done) => done(refusal(receiver.refusals.shift())),
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          mails.push(mail);
          ways.push({ encrypted: session.secure, user: String(session.user) });
          done(refusal(receiver.endings.shift()));
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `${tls?.implicit === true ? 'smtps' : 'smtp'}://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    ways,
    close: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
