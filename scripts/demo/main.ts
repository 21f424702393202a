// The demo product as a process of its own, on an origin of its own, so that it uses Tacit as a real product does.
import path from 'node:path';
import { newGenerationId, signGeneration } from '../../services/beacon/server.js';
import { readConfig } from '../../shared/runtime/config.js';
import { StartError } from '../../shared/runtime/errors.js';
import { runService, type RunningService } from '../../shared/runtime/lifecycle.js';
import { closeServer, listen } from '../../shared/runtime/listen.js';
import { createLogger } from '../../shared/runtime/log.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { FREE_QUESTION, readCanned, type CannedItem } from './canned.js';
import { demoConfigSchema, type DemoConfig } from './config.js';
import { generate } from './generate.js';
import { readPageFiles } from './page-files.js';
import { createDemoServer } from './server.js';
import type { Suggestion } from './page/wire.js';

const CLOSE_GRACE_MS = 1000;

function suggestionOf({ id, kind, chip, title, mail }: CannedItem): Suggestion {
  return { id, kind, chip, title, ...(mail === undefined ? {} : { mail }) };
}

function createServerOf(config: DemoConfig) {
  const sources = path.join(projectRoot, 'scripts', 'demo');
  const items = readCanned(path.join(sources, 'canned'));
  const model = {
    items,
    now: () => Date.now(),
    newId: newGenerationId,
    sign: (payload: Parameters<typeof signGeneration>[0]) => signGeneration(payload, config.TACIT_DEMO_SIGNING_SECRET),
  };
  return createDemoServer({
    files: readPageFiles(path.join(sources, 'page'), path.join(projectRoot, 'dist', 'scripts', 'demo', 'page'), {
      collector: config.TACIT_DEMO_COLLECTOR,
      writeKey: config.TACIT_DEMO_WRITE_KEY,
      livePage: config.TACIT_DEMO_LIVE_PAGE,
    }),
    collectorOrigin: new URL(config.TACIT_DEMO_COLLECTOR).origin,
    suggestions: items.filter(({ id }) => id !== FREE_QUESTION).map(suggestionOf),
    generate: (request, visitor) => generate(model, request, visitor),
  });
}

async function startDemo(config: DemoConfig): Promise<RunningService> {
  const server = createServerOf(config);
  const port = await listen(server, config.TACIT_HOST, config.TACIT_DEMO_PORT);
  const close = {
    name: 'close the server',
    timeoutMs: 2 * CLOSE_GRACE_MS,
    run: async () => await closeServer(server, CLOSE_GRACE_MS),
  };
  return { stopSteps: [close], ready: { port } };
}

try {
  const config = readConfig(demoConfigSchema, process.env);
  await runService(createLogger('demo', config.LOG_LEVEL), async () => await startDemo(config));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
