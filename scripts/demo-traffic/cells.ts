// The cells of the synthetic traffic: five prompts, three versions of each, on three model versions. Their rates are fixed.
import { createPrng } from './prng.js';

export interface Cell {
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
  /** Mean of the acceptance rates of all persons there could be. */
  readonly rate: number;
  /** Whether the product's backend signs the generations of this prompt. */
  readonly signed: boolean;
}

interface PromptPlan {
  readonly id: string;
  /** Share of the traffic. */
  readonly share: number;
  /** Rate of its first version on the first model, on the logit scale. */
  readonly base: number;
  readonly signed: boolean;
}

const PROMPTS: readonly PromptPlan[] = [
  { id: 'summarise', share: 0.26, base: 0.35, signed: true },
  { id: 'reply-draft', share: 0.24, base: -0.2, signed: true },
  { id: 'explain-code', share: 0.2, base: 0.1, signed: true },
  { id: 'translate', share: 0.17, base: 0.9, signed: true },
  { id: 'rewrite', share: 0.13, base: -0.9, signed: false },
];
const VERSIONS = [
  { name: '7', effect: 0 },
  { name: '8', effect: 0.25 },
  { name: '9', effect: -0.3 },
] as const;
const MODELS = [
  { model: 'aurora-large', version: '2026-08', effect: 0 },
  { model: 'aurora-large', version: '2026-10', effect: 0.3 },
  { model: 'aurora-mini', version: '2026-10', effect: -0.35 },
] as const;
/** Spread of what a version does on one model only, on the logit scale. */
const INTERACTION_SIGMA = 0.15;

export const PROMPT_COUNT = PROMPTS.length;
export const CELLS_PER_PROMPT = VERSIONS.length * MODELS.length;

export function promptShare(prompt: number): number {
  return PROMPTS[prompt]?.share ?? 0;
}

/** All cells; those of prompt p stand at p * CELLS_PER_PROMPT and after. The same for every seed. */
export function makeCells(): readonly Cell[] {
  const prng = createPrng(0, 'cells');
  return PROMPTS.flatMap(({ id, base, signed }) =>
    VERSIONS.flatMap((version) =>
      MODELS.map(({ model, version: modelVersion, effect }) => {
        const logit = base + version.effect + effect + INTERACTION_SIGMA * prng.normal();
        return {
          promptId: id,
          promptVersion: version.name,
          model,
          modelVersion,
          rate: 1 / (1 + Math.exp(-logit)),
          signed,
        };
      }),
    ),
  );
}
