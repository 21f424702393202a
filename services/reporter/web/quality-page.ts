// Data quality: is it working? In: a project and a period. Out: sections: freshness, last events, what is refused, signs of doubtful
// data, whether alerts and reports arrive.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { readTargetStates } from '../alerts/ledger.js';
import { alertTargets } from '../figures/alert-targets.js';
import { readFigure } from '../figures/figure.js';
import { figureHead } from '../figures/figure-head.js';
import { lastEvents, projectDrops, readDeadLetters, readLastStored, recentEvent } from '../figures/quality.js';
import { byDay, judgedAt, qualityCounts, qualityDays, summed } from '../figures/quality-counts.js';
import { addDays, type Filter } from '../figures/filter.js';
import { readReportTargetStates } from '../reports/target-states.js';
import { alertsCard } from './alerts-card.js';
import { figureTools } from './figure-tools.js';
import { html } from './html.js';
import { SHARED_MS } from './kept.js';
import { page, type DrawnPage, type PageRequest, type Section } from './page-module.js';
import { dropsSection } from './quality-drops.js';
import { freshnessList } from './quality-freshness.js';
import { reportsCard } from './quality-reports-card.js';
import { shareTrends, sharesSection } from './quality-shares-section.js';
import { recentEvents } from './recent-events.js';

/** How long states of targets are kept, ms. */
const TARGETS_KEPT_MS = 10_000;

async function read({ clickhouse, kept, filter }: PageRequest) {
  const { project } = filter;
  const key = JSON.stringify(filter);
  const [period, days, arrivals, [alerts, reports]] = await Promise.all([
    kept.untilRollup(project, `quality ${key}`, async () => await readFigure(clickhouse, qualityCounts, filter)),
    kept.untilRollup(project, `quality days ${key}`, async () => await readFigure(clickhouse, qualityDays, filter)),
    kept.during(SHARED_MS, `arrivals ${project}`, async () => {
      const [drops, deadLetters, recent, lastStored] = await Promise.all([
        readFigure(clickhouse, projectDrops, filter),
        readDeadLetters(clickhouse, project),
        readFigure(clickhouse, lastEvents, filter),
        readLastStored(clickhouse, project),
      ]);
      return { drops, deadLetters, recent, lastStored };
    }),
    kept.during(
      TARGETS_KEPT_MS,
      `targets ${project}`,
      async () =>
        await Promise.all([readTargetStates(clickhouse, [project]), readReportTargetStates(clickhouse, [project])]),
    ),
  ]);
  return { period, days, arrivals, alerts, reports };
}

type Readings = Awaited<ReturnType<typeof read>>;

function draw(readings: Readings, request: PageRequest): DrawnPage {
  return {
    title: 'Data quality',
    method: 'Shares come from the scheduled roll-up, arrivals from the newest events; days are UTC.',
    asOf: judgedAt(readings.period.rows),
    metricVersions: readings.period.rows.map(({ metric_version }) => metric_version),
    choices: { prompts: [], models: [] },
    sections: [...arriving(readings, request), ...doubtful(readings, request.filter), delivered(readings, request)],
  };
}

function arriving({ arrivals, period }: Readings, { filter, status, scheduled, now }: PageRequest): Section[] {
  const { drops, recent, deadLetters, lastStored } = arrivals;
  const facts = { lastStored, asOf: judgedAt(period.rows), status, scheduled };
  const newest = { lastStored, recent: recent.rows.map(recentEvent) };
  return [
    {
      id: 'fresh',
      title: 'Is it working?',
      content: html`<div class="card">
        ${freshnessList(facts, now)}
        <p class="note">How the service stands now, and no figure: there is neither a file of it nor SQL.</p>
      </div>`,
      live: true,
    },
    {
      id: 'recent',
      title: 'Last events',
      content: html`<div class="card">${recentEvents(newest, now)} ${figureTools(recent, filter)}</div>`,
      live: true,
    },
    {
      id: 'drops',
      title: 'What was refused',
      content: html`<div class="card">${dropsSection(drops.rows, deadLetters)} ${figureTools(drops, filter)}</div>`,
      live: true,
    },
  ];
}

function doubtful({ period, days }: Readings, filter: Filter): Section[] {
  const { from, to } = filter;
  const span = `Answers made from ${from} to ${addDays(to, -1)} (UTC).`;
  return [
    {
      id: 'shares',
      title: 'Can the figures be trusted?',
      lede: `${span} Above its limit a sign makes the figures doubtful.`,
      content: html`<div class="card">${sharesSection(summed(period.rows))} ${figureTools(period, filter)}</div>`,
      live: true,
    },
    {
      id: 'trends',
      title: 'Day by day',
      lede: 'A sign that jumps points at the day on which something broke. The dashed line is its limit.',
      content: html`<div class="card">${shareTrends(byDay(days.rows))} ${figureTools(days, filter)}</div>`,
      live: true,
    },
  ];
}

function delivered({ alerts, reports }: Readings, { project, filter, now }: PageRequest): Section {
  const targets = project.alerts.targets.map(targetKey);
  return {
    id: 'delivered',
    title: 'Do alerts and reports arrive?',
    content: html`<div class="pair">
        ${
          alertsCard(targets, alerts, now) ||
          html`<section class="card">
            <h3>Alerts</h3>
            <p class="none">No target is configured for this project, so nobody is told.</p>
          </section>`
        }
        ${reportsCard(reports, now)}
      </div>
      ${figureTools(figureHead(alertTargets, filter), filter, 'Alerts')}
      <p class="note">
        Reports: read from a ledger that holds the whole reports of all projects, so an analyst cannot read it, and
        there is neither a file nor SQL.
      </p>`,
    live: true,
  };
}

export const qualityPage = page({
  path: '/quality',
  label: 'Data quality',
  fields: ['period'],
  styles: ['quality.css'],
  read,
  draw,
});
