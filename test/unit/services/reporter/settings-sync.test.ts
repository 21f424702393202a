// Which rows of settings are written.
import { expect, test } from 'vitest';
import { changedSettings, metricVersion, type SettingsRow } from '../../../../services/reporter/settings-sync.js';
import { metricSettingsSchema, type MetricSettings } from '../../../../shared/contract/projects.js';

function settings(differences: Partial<MetricSettings> = {}): MetricSettings {
  return metricSettingsSchema.parse(differences);
}

const project = { id: 'acme', settings: settings(), surfaces: { vscode: settings({ windowS: 600 }) } };

test('a new project gets a row for itself and one per surface', () => {
  expect(changedSettings([project], [])).toMatchObject([
    { project_id: 'acme', surface: '', window_s: 86_400, lateness_s: 172_800, theta_same: 0.98, theta_replace: 1 / 3 },
    { project_id: 'acme', surface: 'vscode', window_s: 600 },
  ]);
});

test('nothing is written again while nothing differs', () => {
  expect(changedSettings([project], changedSettings([project], []))).toEqual([]);
});

test.each([{ windowS: 1 }, { latenessS: 0 }, { thetaSame: 0.5 }, { thetaReplace: 0.1 }, { metricVersion: 'v2' }])(
  'a change of %o writes that row alone',
  (change) => {
    const stored = changedSettings([project], []);
    const changed = changedSettings([{ ...project, settings: settings(change) }], stored);
    expect(changed.map(({ surface }) => surface)).toEqual(['']);
  },
);

test('a surface that lost its settings is withdrawn, once', () => {
  const stored = changedSettings([project], []);
  const bare = { ...project, surfaces: {} };
  const withdrawn = changedSettings([bare], stored);
  expect(withdrawn).toMatchObject([{ surface: 'vscode', window_s: 0 }]);
  const after: SettingsRow[] = [...stored.filter(({ surface }) => surface === ''), ...withdrawn];
  expect(changedSettings([bare], after)).toEqual([]);
  expect(changedSettings([project], after)).toMatchObject([{ surface: 'vscode', window_s: 600 }]);
});

test('a project that left the file keeps its rows', () => {
  expect(changedSettings([], changedSettings([project], []))).toEqual([]);
});

test('the metric version is the name given, else a hash of what decides outcomes', () => {
  expect(metricVersion(settings({ metricVersion: 'mine' }))).toBe('mine');
  expect(metricVersion(settings())).toMatch(/^m-[0-9a-f]{10}$/);
  expect(metricVersion(settings())).toBe(metricVersion(settings()));
  const versions = [
    settings(),
    settings({ windowS: 1 }),
    settings({ latenessS: 1 }),
    settings({ thetaSame: 0.9 }),
    settings({ thetaReplace: 0 }),
  ];
  expect(new Set(versions.map(metricVersion)).size).toBe(versions.length);
});
