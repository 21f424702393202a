// Reports to draw and to send, without a database. Out: one with everything in it, one over nothing, one over one person and one
// immature day. Each call gives a report of its own; the figures are made up and fixed, and they add up.
import {
  reportSchema,
  type Report,
  type ReportBucket,
  type ReportRate,
  type TrendDay,
} from '../../services/reporter/reports/report.js';
import { wilson } from '../../services/reporter/statistics/wilson.js';

const DAY_MS = 86_400_000;
const FROM = Date.UTC(2026, 9, 19);
const METRIC = 'm-4b1d90c2aa';

/** A name that would be trouble as HTML, Markdown, Slack markup or a header. */
export const HOSTILE_NAME = `<img src=x onerror="alert(1)">|*a*_b_[c](javascript:d)\`e\`<!channel>\r\nBcc: f\u0007&amp;`;

const NO_INTERVAL = { low: null, high: null } as const;

type Cell = readonly [prompt: string, version: string, modelVersion: string, n: number, rate: number, persons: number];

const CELLS: readonly Cell[] = [
  ['summarise', '8', '2026-10', 4012, 0.311, 652],
  ['summarise', '7', '2026-10', 4100, 0.382, 660],
  ['reply-draft', '3', '2026-10', 2210, 0.455, 540],
  ['translate', '12', '2026-08', 1804, 0.712, 301],
  ['translate', '12', '2026-10', 960, 0.694, 244],
  ['title', '2', '2026-10', 190, 0.521, 61],
  ['rewrite', '5', '2026-10', 88, 0.25, 1],
];

function rateOf([promptId, promptVersion, modelVersion, mature, share, persons]: Cell): ReportRate {
  const taken = Math.round(mature * share);
  const edited = Math.round(taken * 0.3);
  const rejected = Math.round((mature - taken) * 0.4);
  const unresolved = Math.round(mature * 0.03);
  const interval = persons < 2 ? NO_INTERVAL : (wilson(taken / 1.6, mature / 1.6) ?? NO_INTERVAL);
  return {
    promptId,
    promptVersion,
    model: promptId === '' ? '' : 'aurora',
    modelVersion,
    metricVersion: METRIC,
    rate: mature === 0 ? null : taken / mature,
    ...interval,
    mature,
    persons,
    sessionPersons: Math.round(persons * 0.06),
    accepted: taken - edited,
    edited,
    rejected,
    ignored: mature - taken - rejected,
    shown: mature + unresolved,
    unresolved,
    editWeighted: mature === 0 ? null : (taken - edited + 0.74 * edited) / mature,
    personRate: mature === 0 ? null : share,
    designEffect: persons < 2 ? null : 1.6,
  };
}

function total(): ReportRate {
  const mature = CELLS.reduce((sum, [, , , n]) => sum + n, 0);
  const taken = CELLS.reduce((sum, [, , , n, rate]) => sum + n * rate, 0);
  return { ...rateOf(['', '', '', mature, taken / mature, 1704]), editWeighted: 0.404, personRate: 0.437 };
}

/** 28 days: a fall on the 16th of them, two days without traffic, the last three still open and the very last without a rate. */
export function trendDays(days = 28): TrendDay[] {
  return Array.from({ length: days }, (_, index) => {
    const age = days - 1 - index;
    const idle = days >= 28 && (index === 6 || index === 7);
    const shown = idle ? 0 : 470 + ((index * 37) % 90);
    const open = [1, 0.62, 0.21][age] ?? 0;
    const unresolved = Math.round(shown * open);
    const mature = age < 3 ? shown - unresolved : shown;
    const share = (index < 15 ? 0.44 : 0.385) + 0.012 * Math.sin(index * 1.7);
    const taken = Math.round(mature * share);
    return {
      day: new Date(FROM + index * DAY_MS).toISOString().slice(0, 10),
      rate: mature === 0 ? null : taken / mature,
      ...(wilson(taken / 1.6, mature / 1.6) ?? NO_INTERVAL),
      mature,
      persons: Math.round(mature * 0.55),
      shown,
      unresolved,
      final: age >= 3,
    };
  });
}

const bucket = (name: string, label: string, generations: number): ReportBucket => ({
  bucket: name,
  label,
  generations,
});

/** What every report has, whatever it is about. */
function base(): Report {
  return {
    version: 1,
    id: '0123456789abcdef0123456789abcdef',
    report: { id: 'weekly', title: 'Weekly quality report', timeZone: 'Europe/Berlin' },
    project: { id: 'demo', name: 'Demo product' },
    slot: '2026-11-16T05:00:00Z',
    edition: 1,
    madeAt: '2026-11-16T05:00:04Z',
    window: { from: '2026-10-19', to: '2026-11-16', days: 28 },
    prompts: [],
    asOf: '2026-11-16T04:58:12Z',
    metricVersions: [METRIC],
    rule: 'An action counts for 24 hours after the answer was shown; the outcome is final 2 days later, when late events have had their time.',
    link: 'https://quality.example.com/?project=demo&period=28',
    notes: [],
    headline: [],
    totals: [],
    rates: { rows: [], total: 0 },
    trend: [],
    changes: { since: null, items: [] },
    rejected: { prompts: [], mean: null, metricVersion: '', notes: ['No prompt has a final generation to rank by.'] },
    edits: { edited: 0, taken: 0, mature: 0, meanSimilarity: null, sizes: [], retention: [] },
    ignores: { ignored: 0, reasons: [] },
    decisions: { decided: 0, medianS: null, p90S: null, times: [] },
    ratings: { rated: 0, shown: 0, labels: [] },
    quality: {
      newestEvent: null,
      rolledUp: null,
      shown: 0,
      mature: 0,
      late: 0,
      orphans: 0,
      forced: 0,
      clockSuspects: 0,
      notShown: 0,
      unresolved: 0,
      persons: 0,
      sessionPersons: 0,
      drops: [],
      deadLetters: 0,
      warnings: [],
    },
    standing: { rates: [], ratesTotal: 0, comparisons: [], comparisonsTotal: 0, falls: [], warnings: [] },
    method: [
      'A rate is (accepted + edited) / mature generations; a generation is mature when it was shown and the time to act and for late events has passed. Intervals are 95 % and clustered by person.',
      'Worse and better are said only of randomised traffic that ran at the same time; comparisons are valid however often one looks and corrected for their number.',
    ],
  };
}

/** Everything in it. */
export function richReport(): Report {
  return reportSchema.parse({
    ...base(),
    headline: [
      {
        tone: 'worse',
        sentence:
          'Summarise: version 8 is accepted less often than version 7: −7.1 points (99.995 % −9.9 to −4.3, valid however often we look), 1,312 persons. Worse since 12 Nov.',
        promptId: 'summarise',
        comparisonId: '9d0e7c5a1b2f4e60',
        n: 8112,
        persons: 1312,
      },
      {
        tone: 'fallen',
        sentence:
          'summarise has fallen since 3 Nov, the day version 8 went live: 31.2 % (1,204 generations, 312 persons) against 38.0 % in the 28 days from 6 Oct to 2 Nov; not a comparison.',
        promptId: 'summarise',
        comparisonId: null,
        n: 1204,
        persons: 312,
      },
      {
        tone: 'better',
        sentence:
          'reply-draft: arm concise is accepted more often than arm control: +6.2 points (95 % +3.1 to +9.3, valid however often we look), 540 persons. Better since 9 Nov.',
        promptId: 'reply-draft',
        comparisonId: '1f6b2a9c3d4e5f70',
        n: 2210,
        persons: 540,
      },
    ],
    totals: [total()],
    rates: { rows: CELLS.map(rateOf), total: CELLS.length + 3 },
    trend: [
      {
        promptId: '',
        metricVersion: METRIC,
        days: trendDays(),
        deployments: [
          { day: '2026-10-30', name: 'version 12 of translate' },
          { day: '2026-11-03', name: 'version 8 of summarise' },
          { day: '2026-11-03', name: 'arm concise of reply-draft' },
          { day: '2026-11-05', name: 'model aurora 2026-10' },
        ],
      },
      {
        promptId: 'summarise',
        metricVersion: METRIC,
        days: trendDays()
          .map((day) => ({ ...day, shown: day.shown / 2, mature: day.mature / 2 }))
          .map(whole),
        deployments: [{ day: '2026-11-03', name: 'version 8' }],
      },
    ],
    changes: {
      since: '2026-11-09T05:00:00Z',
      items: [
        { tone: 'worse', sentence: 'New: summarise version 8 is worse than version 7.' },
        { tone: 'better', sentence: 'New: reply-draft arm concise is better than arm control.' },
        { tone: 'neutral', sentence: 'Gone: translate no longer has too few persons to compare models.' },
        { tone: 'neutral', sentence: 'Seen first: rewrite version 5, on 11 Nov.' },
      ],
    },
    rejected: {
      mean: 0.214,
      metricVersion: METRIC,
      notes: ['4 prompts with fewer than 20 final generations are left out.'],
      prompts: [
        rejected('rewrite', 88, 1, 41, 0.318, [
          bucket('regenerated', 'asked again', 30),
          bucket('dismissed', 'dismissed', 11),
        ]),
        rejected('summarise', 8112, 1312, 2123, 0.261, [
          bucket('regenerated', 'asked again', 1204),
          bucket('deleted', 'deleted after it was taken', 511),
          bucket('rewritten', 'rewritten: less than a third was left', 408),
        ]),
        rejected('reply-draft', 2210, 540, 482, 0.2176, [bucket('dismissed', 'dismissed', 482)]),
      ],
    },
    edits: {
      edited: 1672,
      taken: 5573,
      mature: 13364,
      meanSimilarity: 0.741,
      sizes: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((from, index) =>
        bucket(from.toFixed(1), `${Math.round(100 * from)}–${Math.round(100 * from + 10)} % kept`, 60 + 51 * index),
      ),
      retention: [
        { after: '30s', measured: 4210, retained: 3954, ofMature: 0.296, ofMeasured: 0.939, coverage: 0.755 },
        { after: '2m', measured: 3987, retained: 3561, ofMature: 0.267, ofMeasured: 0.893, coverage: 0.715 },
        { after: '10m', measured: 2105, retained: 1703, ofMature: 0.127, ofMeasured: 0.809, coverage: 0.378 },
      ],
    },
    ignores: {
      ignored: 4655,
      reasons: [
        bucket('left', 'left the page', 2310),
        bucket('superseded', 'a newer answer came', 1222),
        bucket('typed_on', 'typed on without it', 801),
        bucket('none', 'no sign of why', 322),
      ],
    },
    decisions: {
      decided: 8412,
      medianS: 7.4,
      p90S: 214,
      times: [
        bucket('1', 'up to 1 s', 310),
        bucket('5', '1 to 5 s', 2650),
        bucket('30', '5 to 30 s', 3120),
        bucket('300', '30 s to 5 min', 1711),
        bucket('more', 'longer', 621),
      ],
    },
    ratings: { rated: 412, shown: 13771, labels: [bucket('up', 'up', 301), bucket('down', 'down', 111)] },
    quality: {
      ...base().quality,
      newestEvent: '2026-11-16T04:59:51Z',
      rolledUp: '2026-11-16T04:58:12Z',
      shown: 13771,
      mature: 13364,
      late: 31,
      orphans: 204,
      forced: 12,
      clockSuspects: 7,
      notShown: 611,
      unresolved: 407,
      persons: 1704,
      sessionPersons: 102,
      drops: [
        { reason: 'token_expired', events: 44 },
        { reason: 'too_old', events: 12 },
      ],
      deadLetters: 3,
      warnings: ['3 events could not be stored and wait to be replayed.'],
    },
  });
}

function whole(day: TrendDay): TrendDay {
  const mature = Math.floor(day.mature);
  return { ...day, shown: Math.floor(day.shown), mature, unresolved: Math.floor(day.unresolved / 2) };
}

function rejected(
  promptId: string,
  mature: number,
  persons: number,
  n: number,
  shrunk: number,
  reasons: ReportBucket[],
) {
  const known = persons < 2 ? NO_INTERVAL : { low: shrunk - 0.02, high: shrunk + 0.02 };
  return { promptId, mature, persons, rejected: n, rate: n / mature, shrunk, ...known, reasons };
}

/** No event has ever come. */
export function emptyReport(): Report {
  return reportSchema.parse({
    ...base(),
    asOf: null,
    metricVersions: [],
    notes: ['No generation was shown in these 28 days.'],
    headline: [unknown('Nothing is known yet: no generation was shown in these 28 days.')],
    changes: { since: null, items: [] },
  });
}

/** One person, one day that is still open: no interval, hardly a rate. */
export function youngReport(): Report {
  const row = { ...rateOf(['summarise', '8', '2026-10', 4, 0.5, 1]), shown: 11, unresolved: 7 };
  const [day] = trendDays(1);
  return reportSchema.parse({
    ...base(),
    report: { id: 'daily', title: 'Daily quality report', timeZone: 'UTC' },
    window: { from: '2026-11-15', to: '2026-11-16', days: 1 },
    notes: [
      'All of it rests on one person: there is no interval.',
      'The only day is not final: 7 of 11 are still open.',
    ],
    headline: [unknown('Nothing was compared yet: 4 mature generations of one person.')],
    totals: [{ ...row, promptId: '', promptVersion: '', model: '', modelVersion: '' }],
    rates: { rows: [row], total: 1 },
    trend: [
      {
        promptId: '',
        metricVersion: METRIC,
        days: [
          { ...day, rate: 0.5, low: null, high: null, mature: 4, persons: 1, shown: 11, unresolved: 7, final: false },
        ],
        deployments: [],
      },
    ],
  });
}

function unknown(sentence: string) {
  return { tone: 'neutral', sentence, promptId: '', comparisonId: null, n: null, persons: null } as const;
}

/** The rich one with names that try to be markup everywhere a name may stand. */
export function hostileReport(): Report {
  const rich = richReport();
  const names = {
    promptId: HOSTILE_NAME,
    promptVersion: HOSTILE_NAME,
    model: HOSTILE_NAME,
    modelVersion: HOSTILE_NAME,
  };
  return reportSchema.parse({
    ...rich,
    report: { ...rich.report, title: HOSTILE_NAME },
    project: { id: HOSTILE_NAME, name: HOSTILE_NAME },
    prompts: [HOSTILE_NAME],
    notes: [HOSTILE_NAME],
    metricVersions: [HOSTILE_NAME],
    headline: rich.headline.map((each) => ({ ...each, sentence: HOSTILE_NAME, promptId: HOSTILE_NAME })),
    totals: rich.totals.map((each) => ({ ...each, metricVersion: HOSTILE_NAME })),
    rates: { rows: rich.rates?.rows.map((each) => ({ ...each, ...names, metricVersion: HOSTILE_NAME })), total: 7 },
    trend: rich.trend?.map((each) => ({
      ...each,
      promptId: HOSTILE_NAME,
      metricVersion: HOSTILE_NAME,
      deployments: each.deployments.map(({ day }) => ({ day, name: HOSTILE_NAME })),
    })),
    changes: { since: null, items: [{ tone: 'neutral', sentence: HOSTILE_NAME }] },
    rejected: {
      mean: 0.2,
      metricVersion: HOSTILE_NAME,
      notes: [HOSTILE_NAME],
      prompts: rich.rejected?.prompts.map((each) => ({
        ...each,
        promptId: HOSTILE_NAME,
        reasons: [bucket(HOSTILE_NAME, HOSTILE_NAME, 5)],
      })),
    },
    ignores: { ignored: 5, reasons: [bucket(HOSTILE_NAME, HOSTILE_NAME, 5)] },
    ratings: { rated: 5, shown: 9, labels: [bucket(HOSTILE_NAME, HOSTILE_NAME, 5)] },
    quality: { ...rich.quality, drops: [{ reason: HOSTILE_NAME, events: 5 }], warnings: [HOSTILE_NAME] },
  });
}
