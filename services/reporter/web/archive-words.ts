// Reports of the archive in words: when they were due, where they stand, where their documents are. Pure. Text without markup.
import type { ReportRun, TargetRun } from '../reports/ledger.js';
import { ago, counted } from './words.js';

/** `Mon 16 Nov 2026, 07:00`, by the clocks of the time zone. */
export function slotWords(slot: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(slot);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')}`;
}

export const REPORT_FORMATS = ['html', 'md', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `2026-11-16T06:00:00Z`: how addresses and files name a slot. */
export function slotName(slot: number): string {
  return `${new Date(slot).toISOString().slice(0, 19)}Z`;
}

export interface StoredAddress {
  readonly project: string;
  readonly report: string;
  /** ms. */
  readonly slot: number;
  readonly format: ReportFormat;
  /** The newest when it is absent. */
  readonly edition?: number;
}

/** Where a stored report is. */
export function storedAddress({ project, report, slot, format, edition }: StoredAddress): string {
  const path = [project, report].map(encodeURIComponent).join('/');
  return `/reports/${path}/${slotName(slot)}.${format}${edition === undefined ? '' : `?edition=${edition}`}`;
}

/** Where the making of a report stands; undefined when it is there. */
export function runWords({ status, detail }: Pick<ReportRun, 'status' | 'detail'>): string | undefined {
  switch (status) {
    case 'rendered':
    case 'sent':
      return undefined;
    case 'skipped':
      return `Not made: ${detail}.`;
    case 'abandoned':
    case 'failed':
      return `Never made: ${detail}.`;
    case 'waiting':
    case 'unknown':
      return `Could not be made yet, tried again: ${detail}.`;
    case 'claimed':
    case 'sending':
      return 'Being made.';
  }
}

/** Where a delivery stands. `trouble`: somebody should look. */
export function deliveryWords(
  { status, detail, attempt, at }: TargetRun,
  now: number,
): { readonly said: string; readonly trouble: boolean } {
  const tried = attempt > 1 ? ` after ${counted(attempt, 'attempt')}` : '';
  switch (status) {
    case 'sent':
    case 'rendered':
      return { said: `delivered ${ago(now - at)}${tried}`, trouble: false };
    case 'failed':
      return { said: `refused for good: ${detail}`, trouble: true };
    case 'abandoned':
      return { said: `never arrived${tried}: ${detail}`, trouble: true };
    case 'waiting':
      return { said: `waiting${tried}: ${detail}`, trouble: true };
    case 'unknown':
      return { said: 'perhaps delivered; it is sent again with the same id', trouble: true };
    case 'skipped':
      return { said: `not sent: ${detail}`, trouble: false };
    case 'claimed':
    case 'sending':
      return { said: 'on its way', trouble: false };
  }
}
