// Query strings of links between pages. In: a filter. Out: what stands behind the question mark, without what is not set. Pure.
import type { Filter } from '../figures/filter.js';
import type { PagePath } from './page-module.js';

/** The filter for a page; the overview is not narrowed to a prompt. */
export function queryOf(filter: Filter, path: PagePath = '/prompt'): string {
  const { project, prompt, model, period, from, to } = filter;
  return queryWith({
    project,
    prompt: path === '/' ? undefined : prompt,
    model,
    ...(period === undefined ? { from, to } : { period }),
  });
}

export function queryWith(parameters: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(parameters);
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined)).toString();
}
