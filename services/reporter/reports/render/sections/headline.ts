// What comes first: the sentences of the headline, and what changed since the last report. In: a report. Out: sections.
import { count, counted } from '../../../web/words.js';
import type { Report } from '../../report.js';
import { sentence, type Line, type Section } from '../document.js';
import { zonedTime } from '../zoned-time.js';

export function headlineSection(report: Report): Section {
  const lines = report.headline.map((each): Line => {
    const rests =
      each.n === null || each.persons === null ? '' : `n = ${count(each.n)}, ${counted(each.persons, 'person')}`;
    return { tone: each.tone, text: each.sentence, aside: rests, link: linkOf(report, each) };
  });
  return { id: 'headline', title: 'In short', blocks: [{ kind: 'lines', lines }] };
}

export function changesSection({ since, items }: NonNullable<Report['changes']>, timeZone: string): Section {
  const title = since === null ? 'What changed' : 'What changed since the last report';
  const from = since === null ? [] : [sentence(`The last report was of ${zonedTime(since, timeZone)}.`)];
  const lines = items.map(({ tone, sentence: text }): Line => ({ tone, text, aside: '', link: undefined }));
  const nothing = since === null ? 'There is no report before this one to compare with.' : 'Nothing has changed.';
  return {
    id: 'changes',
    title,
    blocks: [...from, lines.length === 0 ? sentence(nothing) : { kind: 'lines', lines }],
  };
}

/** The address that a report may link to: only the web, whatever is stored. */
export function webLink({ link }: Pick<Report, 'link'>): string | undefined {
  return link !== null && /^https?:\/\//i.test(link) ? link : undefined;
}

/** The page of a comparison or a prompt, beside the page that the report links to. */
function linkOf(report: Report, { comparisonId, promptId }: Report['headline'][number]): string | undefined {
  const base = webLink(report);
  if (base === undefined) return undefined;
  const project = report.project.id;
  if (comparisonId !== null) return address('comparison', base, { project, id: comparisonId });
  return promptId === '' ? undefined : address('prompt', base, { project, prompt: promptId });
}

function address(page: string, base: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(page, base);
  url.search = new URLSearchParams(query).toString();
  return url.href;
}
