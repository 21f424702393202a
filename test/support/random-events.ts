// Random sets of event rows that look for trouble: edges of windows, ties, copies with other times, trusted and untrusted mixed.
// In: a random generator. Out: rows of `events`, and the settings of their projects. Must give the same rows for the same seed.
import type { Decision, EventRow, EventType, UserKind } from '../../shared/contract/rows.js';
import type { OracleSettings } from './oracle.js';
import type { Random } from './random.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Three projects: one that decides within minutes, one with a surface of its own, one without any settings. */
export const RANDOM_SETTINGS: readonly OracleSettings[] = [
  rule({ project_id: 'fast', window_s: 120, lateness_s: 60, metric_version: 'fast1' }),
  rule({ project_id: 'mixed', window_s: 3600, lateness_s: 7200, metric_version: 'mixed1', theta_same: 0.7 }),
  rule({
    project_id: 'mixed',
    surface: 'vscode',
    window_s: 600,
    lateness_s: 0,
    metric_version: 'vscode1',
    theta_replace: 0.5,
  }),
  rule({ project_id: 'mixed', surface: 'gone', window_s: 0, lateness_s: 0, metric_version: 'withdrawn' }),
];
export const RANDOM_PROJECTS = ['fast', 'mixed', 'plain'] as const;

function rule(over: Partial<OracleSettings> & Pick<OracleSettings, 'project_id' | 'metric_version'>): OracleSettings {
  return { surface: '', window_s: 86_400, lateness_s: 172_800, theta_same: 0.98, theta_replace: 1 / 3, ...over };
}

/** An event row with nothing in it but its keys. */
export function blankEvent(over: Partial<EventRow> = {}): EventRow {
  return {
    project_id: 'acme',
    generation_id: 'g',
    generated_at: 0,
    event_id: '00000000-0000-7000-8000-000000000000',
    event_type: 'generated',
    shows: 0,
    decides: 'nothing',
    decision_value: 0,
    occurred_at: 0,
    received_at: 0,
    prompt_id: '',
    prompt_version: '',
    model: '',
    model_version: '',
    experiment: '',
    arm: '',
    assignment: '',
    surface: '',
    task_id: '',
    user_kind: 'none',
    user_key: '0',
    trusted: 0,
    reason: '',
    visible_ms: 0,
    chars: 0,
    total_chars: 0,
    after_ms: 0,
    name: '',
    version: '',
    subject: '',
    rank: 0,
    action: '',
    source: '',
    label: '',
    value: 0,
    clock_suspect: 0,
    sdk: '',
    attributes: {},
    ...over,
  };
}

/** Rows of about `generations` generations, produced from `from` on within `spanMs`. Copies of events are among them. */
export function randomEvents(random: Random, generations: number, from: number, spanMs: number): EventRow[] {
  return Array.from({ length: generations }, (_, n) =>
    generationRows(random, `g${n}`, from + random.below(spanMs)),
  ).flat();
}

function generationRows(random: Random, id: string, generatedAt: number): EventRow[] {
  const project = random.pick(RANDOM_PROJECTS);
  const window = { fast: 2 * MINUTE_MS, mixed: random.pick([HOUR_MS, 10 * MINUTE_MS]), plain: 24 * HOUR_MS }[project];
  const shownAt = generatedAt + random.below(5000);
  const signed = random.pick(['never', 'never', 'always', 'sometimes'] as const);
  const base = (): Partial<EventRow> => ({
    project_id: project,
    generation_id: id,
    generated_at: generatedAt,
    event_id: random.uuid(),
    trusted: signed === 'always' || (signed === 'sometimes' && random.chance(0.5)) ? 1 : 0,
    clock_suspect: random.chance(0.05) ? 1 : 0,
    ...dimensions(random),
    ...person(random),
  });
  const at = () => shownAt + random.pick(momentsAround(random, window));
  const events: EventRow[] = [];
  if (random.chance(0.7)) events.push(event(random, 'generated', generatedAt, base()));
  for (let n = random.pick([0, 1, 1, 1, 2, 3]); n > 0; n -= 1) {
    const time = shownAt + random.pick([0, 0, 1000, 90_000, 3 * MINUTE_MS]);
    const forced = random.chance(0.2);
    events.push(
      event(random, 'shown', time, { ...base(), shows: random.chance(0.9) ? 1 : 0, reason: forced ? 'forced' : '' }),
    );
  }
  for (let n = random.pick([0, 0, 1, 1, 2, 3, 5]); n > 0; n -= 1)
    events.push(event(random, ...decision(random), at(), base()));
  return events.flatMap((row) => copies(random, row));
}

/** Offsets from the first show, ms: in the window, at its edges, one past them, and where ties come about. */
function momentsAround(random: Random, window: number): number[] {
  const before = -2 * MINUTE_MS;
  return [
    0,
    1000,
    1000,
    random.below(window),
    random.below(window),
    window,
    window + 1,
    before,
    before - 1,
    2 * window,
  ];
}

function decision(random: Random): ['copy' | 'accept' | 'edit' | 'reject', Partial<EventRow>] {
  const type = random.pick(['copy', 'accept', 'edit', 'edit', 'reject'] as const);
  const similarity = random.pick([0, 0.2, 1 / 3, 0.5, 0.5, 0.7, 0.97, 0.98, 1, random.next()]);
  const decides: Record<typeof type, Decision> = {
    copy: random.chance(0.8) ? 'accept' : 'nothing',
    accept: 'accept',
    edit: 'edit',
    reject: 'reject',
  };
  return [type, { decides: decides[type], decision_value: type === 'edit' ? similarity : type === 'reject' ? 0 : 1 }];
}

function event(
  random: Random,
  type: EventType,
  ...rest: [number, Partial<EventRow>] | [Partial<EventRow>, number, Partial<EventRow>]
): EventRow {
  const [said, at, base] = rest.length === 3 ? rest : [{}, ...rest];
  const delay = random.pick([50, 2000, 2000, MINUTE_MS, 2 * HOUR_MS, 80 * HOUR_MS]);
  return blankEvent({ ...base, ...said, event_type: type, occurred_at: at, received_at: at + delay });
}

/** What retries make of an event: the same bytes, a later receipt, another time, a token that came only later. */
function copies(random: Random, row: EventRow): EventRow[] {
  const made = [row];
  while (random.chance(0.3)) {
    made.push({
      ...row,
      received_at: row.received_at + random.pick([0, 5000, 90 * HOUR_MS]),
      occurred_at: row.occurred_at + random.pick([0, 0, 0, 1, 30_000, -30_000, 5 * MINUTE_MS]),
      trusted: random.chance(0.9) ? row.trusted : row.trusted === 1 ? 0 : 1,
    });
  }
  return made;
}

function dimensions(random: Random): Partial<EventRow> {
  const sometimes = (value: string) => (random.chance(0.8) ? value : '');
  return {
    prompt_id: sometimes(random.pick(['summarise', 'draft'])),
    prompt_version: sometimes(random.pick(['7', '8'])),
    model: sometimes(random.pick(['gpt-x', 'claude-y'])),
    model_version: sometimes('2026-10'),
    experiment: random.chance(0.3) ? 'exp1' : '',
    arm: random.pick(['', 'A', 'B']),
    assignment: random.pick(['', 'randomised:user']),
    surface: random.pick(['', 'web', 'vscode', 'gone']),
    task_id: random.pick(['', '', 't1']),
  };
}

function person(random: Random): Partial<EventRow> {
  const kind: UserKind = random.pick(['none', 'session', 'client', 'user', 'user']);
  const key = random.pick(['1', '2', '3', '9007199254740993', '18446744073709551615']);
  return { user_kind: kind, user_key: kind === 'none' ? '0' : key };
}

/** Rows in random order, cut into random inserts, some of which come twice. */
export function randomInserts(random: Random, rows: readonly EventRow[], meanRows: number): EventRow[][] {
  const mixed = random.shuffle(rows);
  const inserts: EventRow[][] = [];
  for (let at = 0; at < mixed.length;) {
    const size = 1 + random.below(2 * meanRows);
    inserts.push(mixed.slice(at, at + size));
    at += size;
  }
  return random.shuffle([...inserts, ...inserts.filter(() => random.chance(0.2))]);
}

export function ndjson(rows: readonly object[]): Buffer {
  return Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
