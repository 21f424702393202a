// Which prompt version and model version a visitor sees: drawn once per visitor and prompt, by a hash, so that it never changes.
import { createHash } from 'node:crypto';
import type { Kind } from './page/wire.js';

export const MODEL = 'finch-small';
export const PROMPT_IDS = { answer: 'answer', draft: 'reply-draft' } as const satisfies Record<Kind, string>;
export const PROMPT_VERSIONS = ['1', '2'] as const;
export const MODEL_VERSIONS = ['2026-09', '2026-11'] as const;

export interface Assignment {
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly experiment: { readonly id: string; readonly arm: string; readonly assignment: 'randomised:user' };
}

/** The visitor's cell of the two-by-two experiment on this kind of output. All four cells are equally likely. */
export function assign(visitor: string, kind: Kind): Assignment {
  const promptId = PROMPT_IDS[kind];
  const draw = createHash('sha256').update(`${promptId}:${visitor}`).digest().readUInt8(0);
  const promptVersion = PROMPT_VERSIONS[draw & 1] ?? PROMPT_VERSIONS[0];
  const modelVersion = MODEL_VERSIONS[(draw >> 1) & 1] ?? MODEL_VERSIONS[0];
  const experiment = {
    id: `${promptId}-versions`,
    arm: `prompt ${promptVersion}, model ${modelVersion}`,
    assignment: 'randomised:user',
  } as const;
  return { promptId, promptVersion, model: MODEL, modelVersion, experiment };
}
