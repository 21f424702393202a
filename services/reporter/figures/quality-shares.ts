// What of the generations should make one doubt the figures, as shares of what. In: counts of rate_windows or rate_days. Out: the
// shares, each with its limit. Pure. The limits are those of the checks before a verdict.
import { ORPHAN_SHARE_MAX } from '../comparisons/gates.js';
import { DOUBTFUL_SHARE_MAX, SESSION_SHARE_MAX } from '../comparisons/warnings.js';

/** Columns that the shares rest on, as the tables call them. */
export const QUALITY_COUNTS = [
  'shown',
  'mature',
  'not_shown',
  'orphan',
  'forced',
  'clock_suspect',
  'late',
  'unresolved',
  'persons',
  'session_persons',
] as const;
export type QualityCounts = Readonly<Record<(typeof QUALITY_COUNTS)[number], number>>;

export const NO_COUNTS: QualityCounts = {
  shown: 0,
  mature: 0,
  not_shown: 0,
  orphan: 0,
  forced: 0,
  clock_suspect: 0,
  late: 0,
  unresolved: 0,
  persons: 0,
  session_persons: 0,
};

export const SHARE_KEYS = [
  'orphans',
  'late',
  'clock_suspects',
  'forced',
  'sessions_only',
  'unresolved',
  'never_shown',
] as const;
export type ShareKey = (typeof SHARE_KEYS)[number];

export interface QualityShare {
  readonly key: ShareKey;
  readonly part: number;
  readonly whole: number;
  /** null while there is nothing to take a share of. */
  readonly share: number | null;
  /** From more than this on the figures are doubtful; null when the share says nothing by itself. */
  readonly limit: number | null;
}

interface ShareDefinition {
  readonly part: (counts: QualityCounts) => number;
  readonly whole: (counts: QualityCounts) => number;
  readonly limit: number | null;
}

const DEFINITIONS: Readonly<Record<ShareKey, ShareDefinition>> = {
  orphans: { part: ({ orphan }) => orphan, whole: ({ orphan, shown }) => orphan + shown, limit: ORPHAN_SHARE_MAX },
  late: { part: ({ late }) => late, whole: ({ mature }) => mature, limit: DOUBTFUL_SHARE_MAX },
  clock_suspects: { part: (counts) => counts.clock_suspect, whole: ({ shown }) => shown, limit: DOUBTFUL_SHARE_MAX },
  forced: { part: ({ forced }) => forced, whole: ({ shown }) => shown, limit: DOUBTFUL_SHARE_MAX },
  sessions_only: {
    part: (counts) => counts.session_persons,
    whole: ({ persons }) => persons,
    limit: SESSION_SHARE_MAX,
  },
  unresolved: { part: ({ unresolved }) => unresolved, whole: ({ shown }) => shown, limit: null },
  never_shown: {
    part: (counts) => counts.not_shown,
    whole: (counts) => counts.not_shown + counts.orphan + counts.shown,
    limit: null,
  },
};

export function qualityShares(counts: QualityCounts): QualityShare[] {
  return SHARE_KEYS.map((key) => qualityShare(key, counts));
}

export function qualityShare(key: ShareKey, counts: QualityCounts): QualityShare {
  const { part, whole, limit } = DEFINITIONS[key];
  const [of, all] = [part(counts), whole(counts)];
  return { key, part: of, whole: all, share: all === 0 ? null : of / all, limit };
}

export function isDoubtful({ share, limit }: Pick<QualityShare, 'share' | 'limit'>): boolean {
  return share !== null && limit !== null && share > limit;
}
