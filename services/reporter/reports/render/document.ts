// A report as headings, sentences and tables, before it is drawn as a page, a mail, Markdown or a message: all of them are drawn
// from this, so that no two can differ in a figure. Types only.
import type { Report, TrendDay, DeploymentMark } from '../report.js';

export type Tone = Report['headline'][number]['tone'];

/** A sentence in a list. */
export interface Line {
  readonly tone: Tone;
  readonly text: string;
  /** What it rests on; empty when there is nothing to say. */
  readonly aside: string;
  /** A page that says more. */
  readonly link: string | undefined;
}

/** What may be drawn beside the text of a cell. The text says the same in numbers. */
export type Drawing =
  | {
      readonly kind: 'interval';
      readonly rate: number | null;
      readonly low: number | null;
      readonly high: number | null;
    }
  | { readonly kind: 'share'; readonly share: number };

export interface Cell {
  readonly text: string;
  /** Smaller print below it. */
  readonly asides: readonly string[];
  readonly drawing: Drawing | undefined;
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  /** Of each column; the first names the row. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows of many words are a list where there is no room for a table. */
  readonly wordy: boolean;
  /** What is left out by the report itself; empty when it is whole. */
  readonly more: string;
}

export interface Chart {
  readonly kind: 'trend';
  readonly title: string;
  readonly days: readonly TrendDay[];
  readonly deployments: readonly DeploymentMark[];
  /** What went live when, in words; empty for nothing. */
  readonly wentLive: string;
  /** The same days as numbers. */
  readonly table: Table;
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | Table
  | Chart;

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  readonly project: string;
  /** Not empty when it was computed again: says so. */
  readonly edition: string;
  /** Window, times, settings. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
  readonly link: string | undefined;
}

export function cell(text: string, asides: readonly string[] = [], drawing?: Drawing): Cell {
  return { text, asides: asides.filter((aside) => aside !== ''), drawing };
}

export function sentence(text: string): Block {
  return { kind: 'text', text };
}
