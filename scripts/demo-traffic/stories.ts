// What a person does with a shown generation, told as actions after it was shown. Pure. A story of TAKEN_STORIES ends, by the
// rules of the product, accepted or edited; one of UNTAKEN_STORIES rejected or ignored. Nothing else may decide that.
import type { Prng } from './prng.js';
import type { Action } from './wire-event.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** W of the traffic project: an action counts so long after the generation was shown, ms. */
export const WINDOW_MS = 24 * HOUR_MS;

/** An action so many ms after the generation was shown. */
export interface Step {
  readonly afterMs: number;
  readonly action: Action;
}

export interface Scene {
  readonly prng: Prng;
  /** Characters of the generation, at least 120. */
  readonly length: number;
  /** A time of decision after the last one: most within a minute, some after hours, all well within W. */
  readonly next: () => number;
}

type Story = (scene: Scene) => Step[];
export type Weighted = readonly (readonly [weight: number, story: Story])[];

const whole = (length: number) => ({ chars: length, of: length });
const share = ({ prng, length }: Scene, low: number, high: number) =>
  Math.round(length * (low + (high - low) * prng.next()));

const copyButton: Story = ({ length, next }) => [
  { afterMs: next(), action: { type: 'copy', ...whole(length), method: 'button' } },
];
const copySelection: Story = (scene) => {
  const chars = Math.max(40, share(scene, 0.2, 0.9));
  const method = scene.prng.pick(['keyboard', 'menu', 'drag'] as const);
  return [{ afterMs: scene.next(), action: { type: 'copy', chars, of: scene.length, method } }];
};
const copyCode: Story = (scene) => [
  {
    afterMs: scene.next(),
    action: { type: 'copy', chars: 20 + scene.prng.int(15), of: scene.length, method: 'keyboard', part: 'code' },
  },
];
const lookUpWord: Story = ({ prng, length, next }) => [
  { afterMs: next(), action: { type: 'copy', chars: 3 + prng.int(8), of: length, method: 'keyboard' } },
];
const insert: Story = ({ prng, length, next }) => [
  {
    afterMs: next(),
    action: { type: 'accept', method: prng.pick(['insert', 'apply', 'tab'] as const), ...whole(length) },
  },
];
const dismiss: Story = ({ prng, next }) => [
  { afterMs: next(), action: { type: 'reject', reason: prng.pick(['dismissed', 'deleted', 'stopped'] as const) } },
];
const regenerate: Story = ({ next }) => [{ afterMs: next(), action: { type: 'reject', reason: 'regenerated' } }];
const partialWithoutExtent: Story = ({ next }) => [{ afterMs: next(), action: { type: 'accept', method: 'partial' } }];
const hint: Story = ({ prng, next }) => {
  const afterMs = next();
  const reason = prng.pick(['superseded', 'typed_on', 'left', 'timeout'] as const);
  return [{ afterMs, action: { type: 'ignore', reason, visibleMs: Math.min(afterMs, 10 * MINUTE_MS) } }];
};
const nothing: Story = () => [];

const regret: Story = (scene) => [
  ...insert(scene),
  { afterMs: scene.next(), action: { type: 'reject', reason: 'undone' } },
];

/** Takes it after the window has closed. */
const tooLate: Story = ({ prng, length }) => [
  {
    afterMs: WINDOW_MS + HOUR_MS + prng.int(19 * HOUR_MS),
    action: { type: 'copy', ...whole(length), method: 'button' },
  },
];

/** Sent, then changed until this much of it is left. */
function edited(low: number, high: number): Story {
  return (scene) => {
    const { prng, length, next } = scene;
    const similarity = Math.round((low + (high - low) * prng.next()) * 1000) / 1000;
    const distance = Math.round((1 - similarity) * length);
    return [
      { afterMs: next(), action: { type: 'accept', method: 'send' } },
      {
        afterMs: next(),
        action: {
          type: 'edit',
          similarity,
          distance,
          from: length,
          to: length - Math.floor(distance / 2),
          by: prng.pick(['submit', 'save', 'blur', 'idle'] as const),
        },
      },
    ];
  };
}

/** Inserted and still there after half a minute and two minutes. */
const kept: Story = (scene) => {
  const steps = insert(scene);
  const since = steps[0]?.afterMs ?? 0;
  const left = (afterMs: number): Step => ({
    afterMs: since + afterMs,
    action: { type: 'retention', afterMs, similarity: 1, retainedChars: scene.length },
  });
  return [...steps, left(30_000), left(2 * MINUTE_MS)];
};

function then(first: Story, second: Story): Story {
  return (scene) => [...first(scene), ...second(scene)];
}

export const TAKEN_STORIES: Weighted = [
  [25, copyButton],
  [14, copySelection],
  [8, copyCode],
  [14, insert],
  [6, kept],
  [20, edited(0.36, 0.97)],
  [6, edited(0.985, 1)],
  [4, then(lookUpWord, copyButton)],
  [3, then(dismiss, insert)],
];

export const UNTAKEN_STORIES: Weighted = [
  [34, nothing],
  [20, hint],
  [16, dismiss],
  [13, regenerate],
  [5, regret],
  [4, edited(0.02, 0.3)],
  [5, lookUpWord],
  [2, tooLate],
  [2, partialWithoutExtent],
];
