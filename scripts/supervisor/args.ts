// Arguments of npm start. In: the command line. Out: what to run besides the services. Throws StartError for anything else.
import { StartError } from '../../shared/runtime/errors.js';

export interface SupervisorArgs {
  /** Start a local Kafka too, and let the events go through it. */
  readonly kafka: boolean;
}

export function readSupervisorArgs(argv: readonly string[]): SupervisorArgs {
  const unknown = argv.filter((word) => word !== '--kafka');
  if (unknown.length > 0) throw new StartError(`npm start takes --kafka; not: ${unknown.join(' ')}`);
  return { kafka: argv.length > 0 };
}
