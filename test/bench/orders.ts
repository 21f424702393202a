// Orders to a process of the benchmark and their answers, over its IPC channel. Each side that is measured is a process of its own,
// so that its CPU can be told from that of the one that measures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

/** A process that takes orders, one after the other. `Order` and `Result` are its own words. */
export interface Worker<Order, Result> {
  readonly pid: number;
  ask(order: Order): Promise<Result>;
  stop(): Promise<void>;
}

/** Starts dist/test/bench/<name>.js; `execArgv` goes to Node. */
export async function startWorker<Order extends object, Result>(
  name: string,
  execArgv: readonly string[] = [],
): Promise<Worker<Order, Result>> {
  const file = path.join(projectRoot, 'dist', 'test', 'bench', `${name}.js`);
  const child = fork(file, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...execArgv] });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const gone = exit.then(([code]): never => {
    throw new Error(`${name} ended with ${code}`);
  });
  gone.catch(() => undefined);
  const answer = async (): Promise<Answer> =>
    (await Promise.race([once(child, 'message') as Promise<[Answer]>, gone]))[0];
  await answer(); // that it listens
  return {
    pid: child.pid ?? 0,
    ask: async (order) => {
      child.send(order);
      const { result, error } = await answer();
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return result as Result;
    },
    stop: async () => {
      child.disconnect();
      await exit;
    },
  };
}

/** The other side: answers each order, and ends the process when nobody can give one any more. */
export function takeOrders<Order, Result>(answer: (order: Order) => Promise<Result>): void {
  const reply = (message: Answer): void => void process.send?.(message);
  process.on('message', (order) => {
    answer(order as Order).then(
      (result) => reply({ result }),
      (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
  reply({});
}
