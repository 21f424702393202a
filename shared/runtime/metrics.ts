// Prometheus metrics of one process. Names are tacit_<service>_<noun>_<unit>; labels come from closed sets only.
import { Registry, collectDefaultMetrics } from 'prom-client';

export { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A registry of its own, with the figures of the Node process in it. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
