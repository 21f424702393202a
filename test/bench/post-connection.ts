// One kept-alive connection that posts batches, one at a time. In: whole requests as bytes. Out: answered batches.
// Written on a bare socket, so that the load costs little beside what it measures.
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/** A whole request: head and body in one buffer. */
export function requestBytes(url: URL, key: string, body: string): Buffer {
  const head = [
    `POST ${url.pathname} HTTP/1.1`,
    `host: ${url.host}`,
    'content-type: application/json',
    `authorization: Bearer ${key}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '\r\n',
  ];
  return Buffer.from(head.join('\r\n') + body);
}

/** Body of an answer when all of it is there, else undefined. Throws for any other status than 202. */
export function wholeAnswer(received: Buffer): string | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = received.toString('latin1', 0, headEnd);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  const body = received.subarray(headEnd + HEAD_END.length);
  if (!head.startsWith('HTTP/1.1 202')) throw new Error(`answered ${head.split('\r\n')[0]}: ${body.toString()}`);
  return body.length < length ? undefined : body.toString('utf8', 0, length);
}

export class PostConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #settle: { resolve(body: string): void; reject(error: unknown): void } | undefined;

  constructor(url: URL) {
    this.#socket = connect(Number(url.port), url.hostname);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (data) => this.#take(data));
    this.#socket.on('error', (error) => this.#settle?.reject(error));
    this.#socket.on('close', () => this.#settle?.reject(new Error('the connection was closed')));
  }

  /** Resolves with the body of the answer 202. */
  async post(request: Buffer): Promise<string> {
    return await new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    try {
      const body = wholeAnswer(this.#received);
      if (body === undefined) return;
      this.#received = Buffer.alloc(0);
      this.#settle?.resolve(body);
    } catch (error) {
      this.#settle?.reject(error);
    }
  }
}
