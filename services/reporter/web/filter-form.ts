// What a page can be narrowed by, as a form that works without a script: project, prompt, model, period. In: the filter and what there
// is to choose from. Out: markup. Days of one's own are a second form, since a period cannot stand beside them.
import { addDays, type Filter, type Period } from '../figures/filter.js';
import { html, type Html } from './html.js';
import type { DrawnPage, FilterField, PagePath } from './page-module.js';

const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  today: 'Today',
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '90d': 'Last 90 days',
  '365d': 'Last 365 days',
};

interface FormView {
  readonly path: PagePath;
  readonly fields: readonly FilterField[];
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly filter: Filter;
  readonly drawn: Pick<DrawnPage, 'choices'>;
}

type Options = readonly (readonly [value: string, words: string])[];

export function filterForm({ path, fields, projects, filter, drawn: { choices } }: FormView): Html {
  const has = (field: FilterField) => fields.includes(field);
  return html`<div class="narrow">
    <form class="filters" method="get" action="${path}">
      ${select(
        'project',
        'Project',
        filter.project,
        projects.map(({ id, name }) => [id, name] as const),
      )}
      ${has('prompt') && select('prompt', 'Prompt', filter.prompt ?? '', promptOptions(path, choices.prompts, filter.prompt))}
      ${has('model') && select('model', 'Model', filter.model ?? '', [['', 'All models'], ...withChosen(choices.models, filter.model)])}
      ${has('period') && periodSelect(filter)}
      <button>Show</button>
    </form>
    ${has('period') && ownDays(path, filter)}
  </div>`;
}

function promptOptions(path: PagePath, prompts: readonly string[], chosen: string | undefined): Options {
  const all = withChosen(prompts, chosen);
  return path === '/prompt' && chosen !== undefined ? all : [['', 'All prompts'], ...all];
}

/** Days of one's own are a period by the name `<first>..<day after the last>`. */
function periodSelect(filter: Filter): Html {
  const periods = Object.entries(PERIOD_WORDS);
  if (filter.period !== undefined) return select('period', 'Period', filter.period, periods);
  const own = `${filter.from}..${filter.to}`;
  return select('period', 'Period', own, [[own, `${filter.from} to ${addDays(filter.to, -1)}`], ...periods]);
}

function ownDays(path: PagePath, filter: Filter): Html {
  const { project, prompt, model, from, to } = filter;
  const hidden = Object.entries({ project, prompt, model }).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<details class="own-days" id="own-days">
    <summary>Other days</summary>
    <form class="filters days" method="get" action="${path}">
      ${hidden}
      <label><span>From (UTC)</span><input type="date" name="from" value="${from}" required /></label>
      <label><span>To, not included</span><input type="date" name="to" value="${to}" required /></label>
      <button>Show these days</button>
    </form>
  </details>`;
}

function withChosen(names: readonly string[], chosen: string | undefined): Options {
  const all = chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
  return all.map((name) => [name, name] as const);
}

function select(name: string, label: string, value: string, options: Options): Html {
  return html`<label
    ><span>${label}</span
    ><select name="${name}">
      ${options.map(([key, words]) =>
        key === value
          ? html`<option value="${key}" selected>${words}</option>`
          : html`<option value="${key}">${words}</option>`,
      )}
    </select></label
  >`;
}
