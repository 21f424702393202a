// What was sent and what is stored, by scenario, through SQL. In: the generations of each run and how many actions were
// recorded on each. Out: counts before and after the removal of duplicates, and one printed table.
import { expect } from 'vitest';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { eventually } from './eventually.js';

/** One run of a scenario: how many actions it recorded, and on what. */
export interface Run {
  /** 36 characters: the id of its generation, or what those of all its generations begin with. */
  readonly generationId: string;
  /** Ratings of 0, 1, 2, ... on one generation, or one `generated` on each of many. */
  readonly type: 'rate' | 'generated';
  readonly sent: number;
}

interface Stored {
  /** Rows as they lie there; copies that were merged in the meantime are gone. */
  readonly rows: number;
  /** Different events, counted in two ways that must agree. */
  readonly events: number;
  readonly final: number;
  /** Different actions: fewer than `events` when an action got a second id. */
  readonly actions: number;
}

export interface Scenario {
  readonly name: string;
  readonly runs: readonly Run[];
  /** Copies of the events in bodies that the collector has acknowledged. */
  readonly acknowledged: () => number;
  readonly figure: string;
}

interface Line extends Scenario {
  readonly stored: Stored;
}

/** Longest way of an event from the acknowledgement to its table, ms, on a machine that does much else. */
const STORED_MS = 60_000;

const OF_RUNS = 'event_type = {type:String} AND substring(generation_id, 1, 36) IN {ids:Array(String)}';

const paramsOf = (runs: readonly Run[]): { type: string; ids: string[] } => ({
  type: runs[0]?.type ?? 'rate',
  ids: runs.map(({ generationId }) => generationId),
});

const NOTHING: Stored = { rows: 0, events: 0, final: 0, actions: 0 };

export class DeliveryTable {
  private readonly analyst: ClickHouse;
  private readonly scenarios: Scenario[] = [];

  constructor(analyst: ClickHouse) {
    this.analyst = analyst;
  }

  private async storedOf(runs: readonly Run[]): Promise<Stored> {
    const [found] = await this.analyst.query<Record<keyof Stored, string>>(
      `SELECT count() AS rows, uniqExact(event_id) AS events, uniqExact(generation_id, value) AS actions,
              (SELECT count() FROM events FINAL WHERE ${OF_RUNS}) AS final
       FROM events WHERE ${OF_RUNS}`,
      paramsOf(runs),
    );
    if (!found) return NOTHING;
    return {
      rows: Number(found.rows),
      events: Number(found.events),
      final: Number(found.final),
      actions: Number(found.actions),
    };
  }

  /** Waits until every action of these runs is stored. Throws with the runs that lack some. */
  async arrived(runs: readonly Run[], timeoutMs = STORED_MS): Promise<void> {
    const lacking = async (): Promise<string[]> => {
      const rows = await this.analyst.query<{ g: string; n: string }>(
        `SELECT substring(generation_id, 1, 36) AS g, uniqExact(generation_id, value) AS n
         FROM events WHERE ${OF_RUNS} GROUP BY g`,
        paramsOf(runs),
      );
      const stored = new Map(rows.map(({ g, n }) => [g, Number(n)]));
      return runs.flatMap(({ generationId, sent }, i) => {
        const n = stored.get(generationId) ?? 0;
        return n === sent ? [] : [`run ${i}: ${n} of ${sent}`];
      });
    };
    await eventually(lacking, (lines) => lines.length === 0, timeoutMs);
  }

  add(scenario: Scenario): void {
    this.scenarios.push(scenario);
  }

  /** Keys of the persons of these runs' actions, each once. */
  async userKeys(runs: readonly Run[]): Promise<string[]> {
    const rows = await this.analyst.query<{ key: string }>(
      `SELECT DISTINCT toString(user_key) AS key FROM events WHERE ${OF_RUNS} AND user_kind = 'user'
       UNION ALL SELECT 'not a user' FROM events WHERE ${OF_RUNS} AND user_kind != 'user' LIMIT 3`,
      paramsOf(runs),
    );
    return rows.map(({ key }) => key);
  }

  /** Looks once more at everything and prints it; fails where something is missing or counted twice. */
  async expectExact(): Promise<void> {
    for (const { name, runs, stored } of await this.print()) {
      const sent = sentOf(runs);
      // Copies may lie there until they are merged.
      expect(stored.rows, name).toBeGreaterThanOrEqual(sent);
      expect({ name, ...stored }).toEqual({ name, rows: stored.rows, events: sent, final: sent, actions: sent });
    }
  }

  private async print(): Promise<Line[]> {
    const lines: Line[] = [];
    for (const scenario of this.scenarios) lines.push({ ...scenario, stored: await this.storedOf(scenario.runs) });
    const cells = lines.map(({ name, runs, acknowledged, stored, figure }) => [
      name,
      runs.length,
      sentOf(runs),
      acknowledged(),
      stored.rows,
      stored.events,
      figure,
    ]);
    const head = ['scenario', 'runs', 'sent', 'acknowledged', 'stored', 'after dedup', 'figure'];
    process.stdout.write(`${[head, ...cells].map((line) => line.join(' | ')).join('\n')}\n`);
    return lines;
  }
}

function sentOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { sent }) => sum + sent, 0);
}
