// Rates by day: a drawing and the same days as numbers. In: the trends of a report. Out: a section.
import { openShare } from '../../../charts/trend-days.js';
import { count, percent } from '../../../web/words.js';
import type { Trend, TrendDay } from '../../report.js';
import { intervalWords, rateWords } from '../cell-words.js';
import { cell, sentence, type Cell, type Chart, type Section } from '../document.js';
import { dayWords } from '../zoned-time.js';

export function trendSection(trends: readonly Trend[], metricVersions: readonly string[]): Section {
  const base = { id: 'trend', title: 'Rates by day' };
  if (trends.length === 0) return { ...base, blocks: [sentence('No day of this window has figures.')] };
  return { ...base, blocks: trends.map((trend) => chart(trend, metricVersions.length > 1)) };
}

function chart(
  { promptId, metricVersion, days, deployments, earlierDeployments = 0 }: Trend,
  severalSettings: boolean,
): Chart {
  const of = promptId === '' ? 'all prompts' : promptId;
  const title = `Acceptance rate of ${of} by day${severalSettings ? `, settings ${metricVersion}` : ''}`;
  const marks = deployments.map(({ day, name }) => `${name} on ${dayWords(day)}`);
  const earlier = earlierDeployments > 0 ? [`and ${count(earlierDeployments)} more before these`] : [];
  return {
    kind: 'trend',
    title,
    days,
    deployments,
    wentLive: marks.length === 0 ? '' : `Went live: ${[...marks, ...earlier].join('; ')}.`,
    table: {
      kind: 'table',
      caption: title,
      columns: ['Day (UTC)', 'Rate, 95 % interval', 'n', 'Persons', 'Shown', 'Still open'],
      rows: days.map(dayRow),
      wordy: false,
      more: '',
    },
  };
}

function dayRow(day: TrendDay): Cell[] {
  const { rate, low, high } = day;
  if (day.shown === 0 && day.mature === 0)
    return [cell(dayWords(day.day)), cell('–', ['nothing was shown']), cell('0'), cell('0'), cell('0'), cell('–')];
  const open = day.final ? 'final' : openShare(day) === 0 ? 'not final' : percent(openShare(day));
  return [
    cell(dayWords(day.day)),
    cell(rateWords(day), [spanWords(day)], { kind: 'interval', rate, low, high }),
    cell(count(day.mature)),
    cell(count(day.persons)),
    cell(count(day.shown)),
    cell(open),
  ];
}

/** The column says which interval: a table of days has no room to say it on each of them. */
function spanWords(day: TrendDay): string {
  const { low, high } = day;
  return low === null || high === null ? intervalWords(day, day.persons) : `${percent(low)} to ${percent(high)}`;
}
