// A client that speaks HTTP byte by byte, for what fetch does not do: slow bodies, cut bodies, answers while sending.
import net from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class RawClient {
  readonly #socket: net.Socket;
  #received = '';
  #closed = false;
  #waiting: (() => void)[] = [];

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    const wake = (): void => {
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
    socket.on('data', (data: Buffer) => {
      this.#received += data.toString('utf8');
      wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      wake();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = net.connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket);
  }

  get closed(): boolean {
    return this.#closed;
  }

  write(data: string | Buffer): void {
    if (!this.#closed) this.#socket.write(data);
  }

  /** Head of a request with these headers; a body is written apart. */
  head(target: string, headers: Readonly<Record<string, string | number>>): void {
    const lines = Object.entries({ host: 'test', ...headers }).map(([name, value]) => `${name}: ${value}`);
    this.write([`${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  }

  /** The next answer; rejects when the connection ends without one. */
  async answer(): Promise<RawAnswer> {
    for (;;) {
      const taken = this.#take();
      if (taken !== undefined) return taken;
      if (this.#closed) throw new Error(`closed without an answer: ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.#closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [start = '', ...lines] = this.#received.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const length = Number(headers['content-length'] ?? 0);
    const rest = Buffer.from(this.#received.slice(end + 4), 'utf8');
    if (rest.length < length) return undefined;
    this.#received = rest.subarray(length).toString('utf8');
    return { status: Number(start.split(' ')[1]), headers, body: rest.subarray(0, length).toString('utf8') };
  }
}
