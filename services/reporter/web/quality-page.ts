// Data quality: is it working? In: a project and a period. Out: sections: freshness, last events, what is refused, signs of doubtful
// data, whether alerts and reports arrive.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { readTargetStates } from '../alerts/ledger.js';
import { readDeadLetters, readDrops, readLastStored, readRecentEvents } from '../figures/quality.js';
import { readDayCounts, readPeriodCounts } from '../figures/quality-counts.js';
import { addDays, type Filter } from '../figures/filter.js';
import { readReportTargetStates } from '../reports/target-states.js';
import { alertsCard } from './alerts-card.js';
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
    kept.untilRollup(project, `quality ${key}`, async () => await readPeriodCounts(clickhouse, filter)),
    kept.untilRollup(project, `quality days ${key}`, async () => await readDayCounts(clickhouse, filter)),
    kept.during(SHARED_MS, `arrivals ${project}`, async () => {
      const [drops, deadLetters, recent, lastStored] = await Promise.all([
        readDrops(clickhouse, project),
        readDeadLetters(clickhouse, project),
        readRecentEvents(clickhouse, project),
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
  const { asOf, metricVersions } = readings.period;
  return {
    title: 'Data quality',
    method: 'Shares come from the scheduled roll-up, arrivals from the newest events; days are UTC.',
    asOf,
    metricVersions,
    choices: { prompts: [], models: [] },
    sections: [...arriving(readings, request), ...doubtful(readings, request.filter), delivered(readings, request)],
  };
}

function arriving({ arrivals, period }: Readings, { status, scheduled, now }: PageRequest): Section[] {
  const facts = { lastStored: arrivals.lastStored, asOf: period.asOf, status, scheduled };
  return [
    {
      id: 'fresh',
      title: 'Is it working?',
      content: html`<div class="card">${freshnessList(facts, now)}</div>`,
      live: true,
    },
    {
      id: 'recent',
      title: 'Last events',
      content: html`<div class="card">${recentEvents(arrivals, now)}</div>`,
      live: true,
    },
    {
      id: 'drops',
      title: 'What was refused',
      content: html`<div class="card">${dropsSection(arrivals.drops, arrivals.deadLetters)}</div>`,
      live: true,
    },
  ];
}

function doubtful({ period, days }: Readings, { from, to }: Filter): Section[] {
  const span = `Answers made from ${from} to ${addDays(to, -1)} (UTC).`;
  return [
    {
      id: 'shares',
      title: 'Can the figures be trusted?',
      lede: `${span} Above its limit a sign makes the figures doubtful.`,
      content: html`<div class="card">${sharesSection(period.counts)}</div>`,
      live: true,
    },
    {
      id: 'trends',
      title: 'Day by day',
      lede: 'A sign that jumps points at the day on which something broke. The dashed line is its limit.',
      content: html`<div class="card">${shareTrends(days)}</div>`,
      live: true,
    },
  ];
}

function delivered({ alerts, reports }: Readings, { project, now }: PageRequest): Section {
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
    </div>`,
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
