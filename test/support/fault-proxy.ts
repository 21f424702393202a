// A TCP proxy on the loopback that behaves like a bad network. In: the port of a server. Out: a port to use instead.
// Keeps the order of bytes always; a connection that has lost bytes is cut when its fault ends, as TCP would never go on from there.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { sleep } from '../../shared/runtime/retry.js';

export type FaultMode =
  /** Sends everything on. */
  | 'pass'
  /** Resets every connection, and every new one at once. */
  | 'refuse'
  /** Takes connections and bytes, sends nothing on, answers nothing. */
  | 'blackhole'
  /** Keeps every byte back until the mode changes. */
  | 'freeze'
  /** What is asked arrives; answers are lost. */
  | 'dropResponses'
  /** What is asked is lost; answers to what was asked before arrive. */
  | 'dropRequests';

export interface Fault {
  readonly mode: FaultMode;
  /** Every byte comes so much later, ms. */
  readonly delayMs?: number;
  /** Of each direction of each connection. */
  readonly bytesPerSecond?: number;
  /** After so many bytes towards the server, of all connections together, the one that sent the last is reset in its middle; once. */
  readonly cutAfterBytes?: number;
  /** Port of another server that answers instead, as a gateway does when the one behind it is away. */
  readonly instead?: number;
}

/** A direction takes no more from its sender while so much is on its way, bytes. */
const QUEUE_BYTES_MAX = 1024 * 1024;
const POLL_MS = 5;

export class FaultProxy {
  private readonly targetPort: number;
  private readonly server = createServer((client) => this.accept(client));
  private readonly connections = new Set<Connection>();
  private bytesUntilCut = Infinity;
  fault: Fault = { mode: 'pass' };

  constructor(targetPort: number) {
    this.targetPort = targetPort;
  }

  /** Takes connections on `port`, 0 for any free one. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  get openConnections(): number {
    return this.connections.size;
  }

  /** From now on this and no other fault. */
  set(fault: Fault | FaultMode): void {
    const before = this.fault;
    this.fault = typeof fault === 'string' ? { mode: fault } : fault;
    this.bytesUntilCut = this.fault.cutAfterBytes ?? Infinity;
    for (const connection of this.connections)
      if (this.fault.mode === 'refuse' || this.fault.instead !== before.instead || connection.hasLost)
        connection.reset();
  }

  /** Resets the connections that are open now; new ones pass. */
  reset(): void {
    for (const connection of this.connections) connection.reset();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.reset();
    await closed;
  }

  /** How many of these bytes still go to the server; fewer than all when the connection is to be cut there. */
  take(bytes: number): number {
    const through = Math.min(bytes, this.bytesUntilCut);
    this.bytesUntilCut -= bytes;
    if (through < bytes) this.bytesUntilCut = Infinity;
    return through;
  }

  private accept(client: Socket): void {
    if (this.fault.mode === 'refuse') {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const connection = new Connection(this, client, connect(this.fault.instead ?? this.targetPort, '127.0.0.1'));
    this.connections.add(connection);
    void connection.ended.then(() => this.connections.delete(connection));
  }
}

class Connection {
  readonly ended: Promise<unknown>;
  hasLost = false;
  private readonly sockets: readonly [Socket, Socket];

  constructor(proxy: FaultProxy, client: Socket, server: Socket) {
    this.sockets = [client, server];
    const closed = this.sockets.map(async (socket, i) => {
      socket.setNoDelay(true);
      socket.on('error', () => this.reset());
      await new Promise<void>((resolve) => socket.once('close', () => resolve()));
      this.sockets[1 - i]?.destroySoon();
    });
    this.ended = Promise.all(closed);
    this.carry(proxy, client, server, 'ask');
    this.carry(proxy, server, client, 'answer');
  }

  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Carries bytes one way, in their order, each no sooner than the fault allows. */
  private carry(proxy: FaultProxy, from: Socket, to: Socket, way: 'ask' | 'answer'): void {
    const queue: { bytes: Buffer; due: number }[] = [];
    let queuedBytes = 0;
    let running = false;
    const run = async (): Promise<void> => {
      running = true;
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        const { bytes, due } = next;
        await sleep(due - performance.now());
        while (proxy.fault.mode === 'freeze' && !to.destroyed) await sleep(POLL_MS);
        if (proxy.fault.bytesPerSecond !== undefined) await sleep((bytes.length / proxy.fault.bytesPerSecond) * 1000);
        await this.pass(proxy, bytes, to, way);
        queue.shift();
        queuedBytes -= bytes.length;
        from.resume();
      }
      running = false;
    };
    from.on('data', (bytes: Buffer) => {
      queue.push({ bytes, due: performance.now() + (proxy.fault.delayMs ?? 0) });
      queuedBytes += bytes.length;
      if (queuedBytes > QUEUE_BYTES_MAX) from.pause();
      if (!running) void run();
    });
  }

  private async pass(proxy: FaultProxy, bytes: Buffer, to: Socket, way: 'ask' | 'answer'): Promise<void> {
    const { mode } = proxy.fault;
    if (mode === 'blackhole' || mode === (way === 'ask' ? 'dropRequests' : 'dropResponses')) {
      this.hasLost = true;
      return;
    }
    // What a connection that is gone still had in hand reaches nobody, and counts for no cut.
    if (to.destroyed) return;
    const through = way === 'ask' ? proxy.take(bytes.length) : bytes.length;
    await new Promise<void>((resolve) => {
      to.write(bytes.subarray(0, through), () => resolve());
    });
    if (through < bytes.length) this.reset();
  }
}
