// The module: `import { tacit } from 'tacit'`. Safe to import on a server, where its calls do nothing.
import { createTacit } from './api.js';
import type { Tacit } from './tacit.js';

export type { GenerationInfo, Tacit } from './tacit.js';
export type { Options } from './options.js';
export type * from './wire.js';

export const tacit: Tacit = createTacit(
  () => import('./reader.js'),
  () => import('./debug.js'),
);
