// A service that does nothing, run by the real lifecycle. Argument: `ready`, `hangs` (its start never ends), `fails` (after it was
// ready), `refuses` (its start throws a StartError), or `slow-stop` (a step that never ends). It prints its stop steps as they run.
import { StartError } from '../../shared/runtime/errors.js';
import { runService, type RunningService } from '../../shared/runtime/lifecycle.js';
import { createLogger } from '../../shared/runtime/log.js';

const kind = process.argv[2];
const never = async () => await new Promise<never>(() => setInterval(() => undefined, 1000));
const say = (line: string) => process.stdout.write(`${line}\n`);

async function start(): Promise<RunningService> {
  setInterval(() => undefined, 1000);
  say('starting');
  if (kind === 'hangs') return await never();
  if (kind === 'refuses') throw new StartError('it cannot start like this');
  return {
    ready: { port: 1 },
    stopSteps: [
      {
        name: 'first',
        timeoutMs: 200,
        run: async () => {
          say('first step');
          if (kind === 'slow-stop') await never();
        },
      },
      { name: 'second', timeoutMs: 200, run: async () => void say('second step') },
    ],
    ...(kind === 'fails'
      ? { failed: new Promise<never>((_, reject) => setTimeout(() => reject(new Error('the weather')), 50)) }
      : {}),
  };
}

await runService(createLogger('test', 'info'), start);
