// What a page is: a module that reads and a module that draws, within one frame. In: who asks for what. Out: sections, of which the
// script may replace those that are live. Types only.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { VisibleProject } from '../access.js';
import type { Filter } from '../figures/filter.js';
import type { ReportDefinition } from '../reports/definition.js';
import type { RollupStatus } from '../rollup/run.js';
import type { Html, HtmlValue } from './html.js';
import type { Kept } from './kept.js';

export const PAGE_PATHS = ['/', '/prompt', '/comparison', '/quality', '/reports'] as const;
export type PagePath = (typeof PAGE_PATHS)[number];

/** What a page can be narrowed by, in the order of the form. */
export type FilterField = 'prompt' | 'model' | 'period';

export interface PageRequest {
  readonly clickhouse: ClickHouse;
  /** Readings that are shared and kept. */
  readonly kept: Kept;
  /** The project asked for: the reader's token opens it. */
  readonly project: VisibleProject;
  readonly filter: Filter;
  /** The address as it was asked, for what only one page knows. Must be checked before use. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Which reports there are; undefined while the reports file is not usable. */
  readonly reports: readonly ReportDefinition[] | undefined;
  readonly status: RollupStatus;
  /** Whether roll-ups are scheduled in this process. */
  readonly scheduled: boolean;
  readonly now: number;
}

/** A part of a page under a heading of its own. */
export interface Section {
  /** Of the element that holds the content; unique within the page. */
  readonly id: string;
  readonly title: string;
  readonly lede?: HtmlValue;
  readonly content: Html;
  /** Whether the script puts a newer content in its place. */
  readonly live?: boolean;
}

export interface DrawnPage {
  /** Of the answer; absent: 200. */
  readonly status?: 404;
  /** The heading of the page; without one the project's name. */
  readonly title?: string;
  /** Newest instant at which what is shown was judged, ms; 0 without figures, undefined on a page that shows none of a period. */
  readonly asOf: number | undefined;
  readonly metricVersions: readonly string[];
  /** What the form offers. */
  readonly choices: { readonly prompts: readonly string[]; readonly models: readonly string[] };
  readonly sections: readonly Section[];
  /** How its figures are made, in a sentence or two; absent: the words on rates. */
  readonly method?: string;
  /** What ends the page, before the words on method. */
  readonly foot?: HtmlValue;
}

export interface PageModule<R = unknown> {
  readonly path: PagePath;
  /** In the navigation. */
  readonly label: string;
  readonly fields: readonly FilterField[];
  /** Style sheets of its own, in this folder. */
  readonly styles?: readonly string[];
  read(request: PageRequest): Promise<R>;
  draw(readings: R, request: PageRequest): DrawnPage;
}

/** A page whose readings nobody else needs to know. */
export interface Page {
  readonly path: PagePath;
  readonly label: string;
  readonly fields: readonly FilterField[];
  readonly styles: readonly string[];
  show(request: PageRequest): Promise<DrawnPage>;
}

export function page<R>(module: PageModule<R>): Page {
  const { path, label, fields, styles = [] } = module;
  return { path, label, fields, styles, show: async (request) => module.draw(await module.read(request), request) };
}
