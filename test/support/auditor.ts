// The auditor of the conservation law. Shares no code with the product: it reads the log's files by their documented format, the
// cursor by itself, and ClickHouse over plain HTTP, and says of each event where it ended. Must never change anything it reads.
import { linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 40;
const MAGIC = 'f5544cff';
const TABLES: Readonly<Record<number, string>> = { 1: 'events', 2: 'drops', 3: 'erasures', 4: 'dead_letters' };

export interface AuditedBlock {
  /** `log:<segment>:<offset>` */
  readonly position: string;
  readonly table: string;
  readonly rows: number;
  readonly lines: readonly string[];
  /** At or before the committed position. */
  readonly committed: boolean;
}

export interface AuditedLog {
  readonly blocks: readonly AuditedBlock[];
  readonly totals: { readonly stored: number; readonly dead: number };
}

interface CursorFile {
  readonly position: { readonly segment: string; readonly offset: number } | null;
  readonly totals: { readonly stored: number; readonly dead: number };
}

/** Keeps the segments of a log that its reader deletes, by hard links: sweep before anything can be deleted. */
export class LogArchive {
  readonly #log: string;
  readonly #archive: string;

  constructor(logDirectory: string, archiveDirectory: string) {
    this.#log = logDirectory;
    this.#archive = archiveDirectory;
    mkdirSync(archiveDirectory, { recursive: true });
  }

  sweep(): void {
    for (const name of readdirSync(this.#log)) {
      if (!/\.(seg|err)$/.test(name)) continue;
      try {
        linkSync(path.join(this.#log, name), path.join(this.#archive, name));
      } catch (error) {
        if (!(error instanceof Error) || !/EEXIST|ENOENT/.test(error.message)) throw error;
      }
    }
  }

  /** Every block that was ever appended, and where the commit stands among them. */
  read(): AuditedLog {
    this.sweep();
    const cursor = JSON.parse(readFileSync(path.join(this.#log, 'cursor.json'), 'utf8')) as CursorFile;
    const blocks = this.#segments().flatMap(({ id, bytes }) => readSegment(id, bytes, cursor.position));
    return { blocks, totals: cursor.totals };
  }

  #segments(): { id: string; bytes: Buffer }[] {
    const found = new Map<string, Buffer>();
    for (const name of readdirSync(this.#archive).sort()) {
      const [, id, acknowledged] = /^(\d+-\d+)(?:-(\d+))?\.(?:seg|err)$/.exec(name) ?? [];
      if (id === undefined) continue;
      const bytes = readFileSync(path.join(this.#archive, name));
      // In a segment whose writing failed only the acknowledged part counts.
      if (acknowledged !== undefined) found.set(id, bytes.subarray(0, Number(acknowledged)));
      else if (!found.has(id)) found.set(id, bytes);
    }
    return [...found].map(([id, bytes]) => ({ id, bytes })).sort((a, b) => sequence(a.id) - sequence(b.id));
  }
}

const sequence = (segment: string) => Number(segment.split('-')[1]);

/** Intact frames in their order; bytes that are none are skipped one by one, and an unfinished frame ends the segment. */
function readSegment(segment: string, bytes: Buffer, commit: CursorFile['position']): AuditedBlock[] {
  const blocks: AuditedBlock[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const header = bytes.subarray(at, at + HEADER_BYTES);
    const length = header.readUInt32LE(12);
    const payload = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
    const intact =
      header.toString('hex', 0, 4) === MAGIC &&
      crc32(header.subarray(0, 36)) === header.readUInt32LE(36) &&
      payload.length === length &&
      crc32(Buffer.concat([header.subarray(0, 32), payload])) === header.readUInt32LE(32);
    if (!intact) {
      at += 1;
      continue;
    }
    const end = at + HEADER_BYTES + length;
    const committed =
      commit !== null &&
      (sequence(segment) < sequence(commit.segment) || (segment === commit.segment && end <= commit.offset));
    const lines = payload.toString('utf8').split('\n').slice(0, -1);
    const table = TABLES[header.readUInt8(5)] ?? 'unknown';
    blocks.push({ position: `log:${segment}:${at}`, table, rows: header.readUInt32LE(8), lines, committed });
    at = end;
  }
  return blocks;
}

/** What ClickHouse holds. */
export interface Warehouse {
  /** Ids in `events`. */
  readonly stored: ReadonlySet<string>;
  /** Positions of dead letters meant for `events`. */
  readonly dead: ReadonlySet<string>;
  /** Rows of `drops`, by `drop_id`. */
  readonly drops: ReadonlyMap<string, { readonly reason: string; readonly n: number }>;
}

export async function readWarehouse(account: { url: string; user: string; password: string }): Promise<Warehouse> {
  const ask = async (sql: string): Promise<string[][]> => {
    const headers = { 'x-clickhouse-user': account.user, 'x-clickhouse-key': account.password };
    const response = await fetch(account.url, { method: 'POST', headers, body: `${sql} FORMAT TSV` });
    const text = await response.text();
    if (!response.ok) throw new Error(`ClickHouse answered ${response.status}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  };
  const stored = await ask('SELECT DISTINCT toString(event_id) FROM tacit.events');
  const dead = await ask("SELECT position FROM tacit.dead_letters FINAL WHERE target = 'events'");
  const drops = await ask('SELECT toString(drop_id), reason, n FROM tacit.drops FINAL');
  return {
    stored: new Set(stored.map(([id = '']) => id)),
    dead: new Set(dead.map(([position = '']) => position)),
    drops: new Map(drops.map(([id = '', reason = '', n = '']) => [id, { reason, n: Number(n) }])),
  };
}

export interface Verdict {
  /** Lines of `events` behind the commit's back, by what became of them; and lines that wait before it. */
  readonly lines: { readonly stored: number; readonly dead: number; readonly waiting: number };
  /** Acknowledged ids by where they are now. */
  readonly ids: { readonly stored: number; readonly dead: number; readonly waiting: number };
  /** Everything that breaks the law, in words. Empty when it holds. */
  readonly violations: readonly string[];
}

/** Judges the law: by position for every committed line, and by id for everything that was acknowledged. */
export function judge(log: AuditedLog, warehouse: Warehouse, acknowledged: Iterable<string>): Verdict {
  const violations: string[] = [];
  const lines = { stored: 0, dead: 0, waiting: 0 };
  const fates = new Map<string, Set<'stored' | 'dead' | 'waiting'>>();
  const known = new Set<string>();
  for (const block of log.blocks) {
    if (block.rows !== block.lines.length) violations.push(`${block.position} says ${block.rows} rows`);
    if (block.table === 'drops' && block.committed) violations.push(...missingDrops(block, warehouse));
    if (block.table !== 'events') continue;
    for (const [index, line] of block.lines.entries()) {
      const at = `${block.position}:${index + 1}`;
      const id = idOf(line);
      known.add(at);
      if (id !== undefined) known.add(id);
      const isStored = id !== undefined && warehouse.stored.has(id);
      const isDead = warehouse.dead.has(at);
      if (block.committed && isStored === isDead) violations.push(`${at} is ${isStored ? 'stored and dead' : 'lost'}`);
      const fate = block.committed ? (isDead ? 'dead' : 'stored') : 'waiting';
      lines[fate] += 1;
      if (id !== undefined) fates.set(id, (fates.get(id) ?? new Set()).add(fate));
    }
  }
  for (const id of warehouse.stored) if (!known.has(id)) violations.push(`${id} is stored and was never appended`);
  for (const at of warehouse.dead) if (!known.has(at)) violations.push(`${at} is dead and was never appended`);
  if (lines.stored !== log.totals.stored) violations.push(`stored: ${lines.stored}, committed ${log.totals.stored}`);
  if (lines.dead !== log.totals.dead) violations.push(`dead: ${lines.dead}, committed ${log.totals.dead}`);

  const ids = { stored: 0, dead: 0, waiting: 0 };
  for (const id of acknowledged) {
    const seen = fates.get(id) ?? new Set();
    // A batch sent again stands in the log twice: what waits only as a copy is not waiting.
    const settled = [...seen].filter((fate) => fate !== 'waiting');
    if (settled.length > 1) violations.push(`${id} is both stored and dead`);
    const fate = settled[0] ?? [...seen][0];
    if (fate === undefined) violations.push(`${id} was acknowledged and is nowhere`);
    else ids[fate] += 1;
  }
  return { lines, ids, violations };
}

function missingDrops(block: AuditedBlock, warehouse: Warehouse): string[] {
  return block.lines.flatMap((line, index) => {
    const { drop_id: id, n } = JSON.parse(line) as { drop_id: string; n: number };
    return warehouse.drops.get(id)?.n === n ? [] : [`${block.position}:${index + 1} is a drop that is not stored`];
  });
}

function idOf(line: string): string | undefined {
  try {
    const row = JSON.parse(line) as { event_id?: unknown };
    return typeof row.event_id === 'string' ? row.event_id : undefined;
  } catch {
    return undefined;
  }
}
