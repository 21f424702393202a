// Whether a look waits for the roll-up.
import { expect, test } from 'vitest';
import { metricSettingsSchema } from '../../../../../shared/contract/projects.js';
import { isBehind, WAIT_MS_MAX } from '../../../../../services/reporter/comparisons/behind.js';
import type { DayFacts } from '../../../../../services/reporter/rollup/due.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const day = Date.parse('2026-03-02');
const final = day + 4 * DAY_MS;
const project = { settings: metricSettingsSchema.parse({}), surfaces: {} };
const quick = {
  settings: metricSettingsSchema.parse({}),
  surfaces: { web: metricSettingsSchema.parse({ windowS: 3600, latenessS: 0 }) },
};

function check(title: string, now: number, facts: Partial<DayFacts>, expected: boolean, of = project): void {
  test(title, () => {
    const days = [
      {
        day: '2026-03-02',
        lastIngestedAt: day + HOUR_MS,
        settledAt: final,
        settingsAt: 0,
        recomputable: true,
        ...facts,
      },
    ];
    expect(isBehind({ now: 0, today: '', outcomeRuleAt: 0, days }, [of], now)).toBe(expected);
  });
}
const run = (asOf: number, durationMs = 1) => ({ lastRun: { asOf, at: asOf, durationMs } });

check('a final day that was never rolled up is waited for', final, {}, true);
check('a day that is not final for anybody is not', final - 1, {}, false);
check('a surface that decides sooner has final days sooner', day + DAY_MS + HOUR_MS, {}, true, quick);
check('a day rolled up when it was final is read', final, run(final), false);
check('a day rolled up a moment before is waited for', final, run(final - 1), true);
check('also while it rests after a long run', final, run(final - 1, 10 * HOUR_MS), true);
check('events that came since are waited for', final + DAY_MS, { ...run(final), lastIngestedAt: final + 1 }, true);
check(
  'events of the minutes before the run are not',
  final + DAY_MS,
  { ...run(final), lastIngestedAt: final - 1 },
  false,
);
check(
  'final days with late events are read as they are while they rest',
  final + HOUR_MS,
  { ...run(final, HOUR_MS), lastIngestedAt: final + 1 },
  false,
);
check('just before six in the evening a look still waits', final + WAIT_MS_MAX - 1, {}, true);
check('from six in the evening on it does not', final + WAIT_MS_MAX, {}, false);
check('a day too old to be rolled up is not', final, { recomputable: false }, false);
