// A cell: all generations that agree in every dimension by which they can be compared. Types and names of columns only.

/** Columns of `user_days` that make a cell, besides project and metric version. */
export const DIMENSIONS = [
  'prompt_id',
  'prompt_version',
  'model',
  'model_version',
  'experiment',
  'arm',
  'assignment',
  'surface',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** A cell with what its final days say. */
export interface Cell extends Readonly<Record<Dimension, string>> {
  /** Hash of project and dimensions, as ClickHouse writes it. */
  readonly cell: string;
  readonly project_id: string;
  readonly metric_version: string;
  /** W + L of its surface, seconds. */
  readonly span_s: number;
  /** First and last UTC day with mature generations, YYYY-MM-DD. */
  readonly first_day: string;
  readonly last_day: string;
  readonly mature: number;
}

/** Whether an assignment is a randomised one. */
export function isRandomised(assignment: string): boolean {
  return assignment.startsWith('randomised:');
}
