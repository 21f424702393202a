// Which version went live about the day of a fall. In: days on which versions went live. Out: the likeliest, or none.
// Pure. Must never blame what went live long before: it names a coincidence in time, not a cause.
import type { Watch } from './watched-day.js';

/** A prompt version or model version that went live where others had been before. */
export interface Deployment {
  readonly project_id: string;
  readonly prompt_id: string;
  readonly surface: string;
  readonly kind: 'version' | 'model';
  /** The prompt version within which a model went live; empty for a prompt across its versions. */
  readonly prompt_version: string;
  readonly name: string;
  /** First UTC day with at least 5 % of the generations. */
  readonly day: string;
}

/** A deployment is named when it lies so many days before the fall, or after: the day a fall began is itself an estimate. */
export const DEPLOYED_BEFORE_DAYS = 7;
export const DEPLOYED_AFTER_DAYS = 3;
const DAY_MS = 86_400_000;

/** The deployment about `since` that a fall seen on `seen` can follow: a prompt version before a model, the nearest, the earlier. */
export function deploymentAt(
  deployments: readonly Deployment[],
  watch: Watch,
  since: string,
  seen: string,
): Deployment | undefined {
  const distance = ({ day }: Deployment) => (Date.parse(day) - Date.parse(since)) / DAY_MS;
  return deployments
    .filter(
      (each) =>
        each.project_id === watch.project_id &&
        each.prompt_id === watch.prompt_id &&
        each.surface === watch.surface &&
        each.prompt_version === watch.prompt_version &&
        each.day <= seen &&
        distance(each) >= -DEPLOYED_BEFORE_DAYS &&
        distance(each) <= DEPLOYED_AFTER_DAYS,
    )
    .sort(
      (a, b) =>
        Number(b.kind === 'version') - Number(a.kind === 'version') ||
        Math.abs(distance(a)) - Math.abs(distance(b)) ||
        distance(a) - distance(b),
    )[0];
}
