// Which deployment a fall is said beside.
import { expect, test } from 'vitest';
import {
  DEPLOYED_AFTER_DAYS,
  DEPLOYED_BEFORE_DAYS,
  deploymentAt,
  type Deployment,
} from '../../../../../services/reporter/drift/deployments.js';
import type { Watch } from '../../../../../services/reporter/drift/watched-day.js';
import { addDays } from '../../../../../services/reporter/figures/filter.js';

const SINCE = '2026-11-10';
const SEEN = '2026-11-20';
const watch: Watch = {
  project_id: 'acme',
  prompt_id: 'summarise',
  prompt_version: '',
  surface: '',
  metric_version: 'default',
};
const eight: Deployment = {
  project_id: 'acme',
  prompt_id: 'summarise',
  surface: '',
  kind: 'version',
  prompt_version: '',
  name: 'version 8',
  day: SINCE,
};
const model: Deployment = { ...eight, kind: 'model', name: 'model m2' };
const at = (days: number, deployment = eight): Deployment => ({ ...deployment, day: addDays(SINCE, days) });

function check(deployments: readonly Deployment[], name: string | undefined, of: Watch = watch, seen = SEEN): void {
  expect(deploymentAt(deployments, of, SINCE, seen)?.name).toBe(name);
}

test('one within a week before or three days after is named, and none beyond', () => {
  for (const days of [0, -DEPLOYED_BEFORE_DAYS, DEPLOYED_AFTER_DAYS]) check([at(days)], 'version 8');
  for (const days of [-DEPLOYED_BEFORE_DAYS - 1, DEPLOYED_AFTER_DAYS + 1]) check([at(days)], undefined);
  check([], undefined);
});

test('one that went live after the fall was seen is not named', () => {
  check([at(2)], 'version 8', watch, addDays(SINCE, 2));
  check([at(2)], undefined, watch, addDays(SINCE, 1));
});

test('a version comes before a model, the nearest before others, the earlier of two as near', () => {
  check([at(0, model), at(-5)], 'version 8');
  check([at(-3, { ...eight, name: 'version 7' }), at(1)], 'version 8');
  check([at(2, { ...eight, name: 'version 9' }), at(-2)], 'version 8');
});

test('it is of the same project, prompt and surface; of a version only its models are', () => {
  for (const other of [{ project_id: 'bolt' }, { prompt_id: 'translate' }, { surface: 'editor' }])
    check([{ ...eight, ...other }], undefined);
  const version = { ...watch, prompt_version: '8' };
  check([eight, model], undefined, version);
  check([eight, { ...model, prompt_version: '8' }], 'model m2', version);
  check([{ ...model, prompt_version: '8' }], undefined);
});
