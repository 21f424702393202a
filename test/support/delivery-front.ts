// What stands between a product's pages and the real collector: a reverse proxy with one path per run of a test, so that
// every run has its own weather. In: the collector's address. Out: each posted body with its answer, as it was given.
// What it lets through it does not change; what it answers instead of the collector, only a fault makes it answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Posted {
  /** When the whole body was there, and when it was answered; ms since the epoch. */
  readonly at: number;
  answeredAt: number;
  readonly bytes: number;
  /** 0 while it is not answered, and when it was cut off. */
  status: number;
  readonly sessionId: string;
  readonly userId?: string;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly g: string;
    readonly value?: number;
  }[];
}

export interface FaultyAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Fault = FaultyAnswer | 'cut' | undefined;

/** An answer instead of the collector's, `cut` for none, or undefined when the collector may answer. */
export type Weather = (posted: Posted) => Fault | Promise<Fault>;

/** The path of one run. */
export interface Lane {
  /** What the pages of the run have as their endpoint. */
  readonly endpoint: string;
  readonly posts: Posted[];
  weather: Weather;
  /** Most posts that stood at once. */
  atOnceMax: number;
}

export interface DeliveryFront {
  readonly url: string;
  lane(name: string): Lane;
  close(): Promise<void>;
}

/** What any page may read, as the collector's own answers. */
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' };

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Answers the status. */
async function pass(
  collector: string,
  path: string,
  { method, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const options = { ...(method === undefined ? {} : { method }), headers: { ...headers, connection: 'close' } };
    const upstream = ask(`${collector}${path}`, options, (answer) => {
      const status = answer.statusCode ?? 0;
      const { connection: _connection, ...kept } = answer.headers;
      response.writeHead(status, kept);
      answer.pipe(response).on('close', () => resolve(status));
      answer.on('error', reject);
    });
    upstream.on('error', reject).end(body);
  });
}

export async function startDeliveryFront(collector: string): Promise<DeliveryFront> {
  const lanes = new Map<string, Lane>();
  const open = new Map<Lane, number>();

  async function post(lane: Lane, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const said = JSON.parse(body.toString('utf8')) as Pick<Posted, 'sessionId' | 'userId' | 'events'>;
    const posted: Posted = { ...said, at: Date.now(), answeredAt: 0, bytes: body.length, status: 0 };
    lane.posts.push(posted);
    const standing = (open.get(lane) ?? 0) + 1;
    open.set(lane, standing);
    lane.atOnceMax = Math.max(lane.atOnceMax, standing);
    const fault = await lane.weather(posted);
    if (fault === 'cut') response.destroy();
    else if (fault === undefined) posted.status = await pass(collector, path, request, body, response);
    else {
      posted.status = fault.status;
      response.writeHead(fault.status, { ...CORS, ...fault.headers }).end(fault.body);
    }
    posted.answeredAt = Date.now();
    open.set(lane, (open.get(lane) ?? 1) - 1);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const lane = lanes.get(name);
    if (lane && request.method === 'POST') return await post(lane, rest, request, response);
    await pass(collector, lane ? rest : (request.url ?? '/'), request, await readBody(request), response);
  }

  const server = createServer((request, response) => {
    // A page that went away, or a collector that did: as on any network, the connection ends.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    lane(name) {
      const lane = { endpoint: `${url}/${name}`, posts: [], weather: () => undefined, atOnceMax: 0 };
      lanes.set(name, lane);
      return lane;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
