// Arguments of `npm run kafka:local`. In: the command line. Out: what to start. Throws StartError naming what it did not understand.
import { StartError } from '../../shared/runtime/errors.js';

export interface KafkaLocalArgs {
  /** 1: one node that is broker and controller. More: as many brokers and a controller beside them. */
  readonly brokers: number;
  /** Port of the first broker; the others follow it. */
  readonly port: number;
  /** Only fetches and prepares what a start needs. */
  readonly fetchOnly: boolean;
}

export const BROKERS_MAX = 5;
export const PORT_DEFAULT = 9092;
const PORT_MAX = 65_535;
const USAGE = 'npm run kafka:local takes --brokers N (1 to 5), --port N and --fetch';

export function readKafkaLocalArgs(argv: readonly string[]): KafkaLocalArgs {
  let [brokers, port, fetchOnly] = [1, PORT_DEFAULT, false];
  for (let i = 0; i < argv.length; i += 1) {
    const option = argv[i];
    if (option === '--fetch') {
      fetchOnly = true;
      continue;
    }
    i += 1;
    const value = Number(argv[i]);
    if (option === '--brokers' && Number.isInteger(value) && value >= 1 && value <= BROKERS_MAX) brokers = value;
    else if (option === '--port' && Number.isInteger(value) && value >= 1 && value <= PORT_MAX) port = value;
    else throw new StartError(`${USAGE}; not: ${[option, argv[i]].filter((word) => word !== undefined).join(' ')}`);
  }
  // the controller's port follows the brokers'
  if (port + brokers > PORT_MAX) throw new StartError(`${USAGE}; there are not enough ports above ${port}`);
  return { brokers, port, fetchOnly };
}
