// One final day of one watch, and what a watch is. Types and the watch's id; must never hold a person.
import { createHash } from 'node:crypto';

/** What is watched: a prompt on a surface, across its versions or one version of it. */
export interface Watch {
  readonly project_id: string;
  readonly prompt_id: string;
  /** Empty: across versions. */
  readonly prompt_version: string;
  readonly surface: string;
  readonly metric_version: string;
}

/** A final day with mature generations. */
export interface WatchedDay {
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  /** Mature generations, and how many of them were accepted or edited. */
  readonly n: number;
  readonly taken: number;
  readonly persons: number;
  /** Of taken / n, clustered by person; 0 with fewer than two persons or when all persons are alike. */
  readonly error: number;
  /** Watches of the project that had people on one day, the most of the last seven days. */
  readonly watched: number;
}

/** Stable: depends on what is watched alone. */
export function watchId(watch: Watch): string {
  const { project_id, prompt_id, prompt_version, surface, metric_version } = watch;
  const parts = JSON.stringify([project_id, prompt_id, prompt_version, surface, metric_version]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}
