// The sink's own small HTTP server: /healthz, /readyz, /metrics. In: GET requests on the host it is bound to. Out: plain answers.
// Must never show a row. Off unless a port is configured.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Registry } from '../../shared/runtime/metrics.js';

/** Whether the sink can take work now; if not, what it waits for. */
export interface Readiness {
  readonly ready: boolean;
  readonly waitingFor: readonly string[];
}

export function createHealthServer(registry: Registry, readiness: () => Promise<Readiness>): Server {
  return createServer((request, response) => {
    void answer(request.url ?? '/', response, registry, readiness).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function answer(
  url: string,
  response: ServerResponse,
  registry: Registry,
  readiness: () => Promise<Readiness>,
): Promise<void> {
  switch (new URL(url, 'http://sink').pathname) {
    case '/healthz':
      return send(response, 200, 'application/json', '{"status":"ok"}\n');
    case '/readyz': {
      const state = await readiness();
      return send(response, state.ready ? 200 : 503, 'application/json', `${JSON.stringify(state)}\n`);
    }
    case '/metrics':
      return send(response, 200, registry.contentType, await registry.metrics());
    default:
      return send(response, 404, 'text/plain', 'not found\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
