// Who may do what in ClickHouse: the one definition of roles, grants, row filters and limits.
// In: the database's name and the projects. Out: data that users-xml.ts and users-sql.ts render. Must never hold a password.

/** Roles by the names that configuration uses. */
export const ROLES = ['migrator', 'writer', 'reporter', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** A setting of a user. `constant` forbids changing it; `min` and `max` bound what the user may set it to. */
export interface UserSetting {
  readonly value: string | number;
  readonly constant?: boolean;
  readonly min?: number;
  readonly max?: number;
}

export interface UserDefinition {
  readonly role: Role;
  readonly name: string;
  /** Where names without a database are looked up; absent for the migrator, who comes before the database. */
  readonly defaultDatabase?: string;
  /** Statements without their `TO`. */
  readonly grants: readonly string[];
  /** Table -> condition on its rows. A table that is not named is not filtered. */
  readonly rowFilters: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, UserSetting>>;
}

/** Tables and views with a row filter by project for every analyst. */
export const FILTERED_TABLES = [
  'events',
  'generations',
  'rates',
  'user_days',
  'metric_settings',
  'drops',
  'comparison_looks',
  'comparisons',
  'drift_looks',
  'alert_deliveries',
  'rate_windows',
  'rate_days',
  'signal_days',
] as const;
/** What analysts read unfiltered: views (they see only what the tables below let through) and a table without projects. */
export const OPEN_TABLES = [
  'outcomes_at',
  'generation_outcomes',
  'rate_intervals',
  'rate_levels',
  'rollup_days',
  'rollup_windows',
  'drift_states',
  'comparison_history',
  'comparison_verdicts',
] as const;
/** What no analyst reads: it names several projects at once, or is not theirs. */
export const WITHHELD_TABLES = [
  'generations_mv',
  'dirty_days',
  'dirty_days_mv',
  'dead_letters',
  'erasures',
  'report_runs',
  'rollup_staging',
  'schema_migrations',
] as const;

const GIB = 1024 ** 3;
const QUOTED_INTEGERS = { output_format_json_quote_64bit_integers: { value: 1 } } as const;

/** The database in which roll-ups and leases make tables of their own. */
export function workDatabase(database: string): string {
  return `${database}_work`;
}

export interface UsersOptions {
  readonly database: string;
  readonly projects: readonly string[];
  /** Names of the users; analysts are named `<analyst>_<project>`. */
  readonly names?: Partial<Readonly<Record<Role, string>>>;
}

/** Every user of an installation: migrator, writer, reporter, and one analyst per project. */
export function userDefinitions({ database, projects, names = {} }: UsersOptions): readonly UserDefinition[] {
  const name = (role: Role) => names[role] ?? `tacit_${role}`;
  return [
    migrator(database, name('migrator')),
    writer(database, name('writer')),
    reporter(database, name('reporter')),
    ...projects.map((project) => analyst(database, name('analyst'), project)),
  ];
}

/** Name of a project's analyst. */
export function analystName(project: string, prefix = 'tacit_analyst'): string {
  return `${prefix}_${project}`;
}

function migrator(database: string, name: string): UserDefinition {
  const work = workDatabase(database);
  return {
    role: 'migrator',
    name,
    grants: [
      `GRANT ALL ON ${database}.*`,
      `GRANT ALL ON ${work}.*`,
      'GRANT TABLE ENGINE ON *',
      'GRANT CREATE FUNCTION, DROP FUNCTION ON *.*',
      `GRANT SET DEFINER ON ${name}`,
      'GRANT SELECT ON system.*',
      'GRANT SYSTEM FLUSH LOGS ON *.*',
    ],
    rowFilters: {},
    settings: QUOTED_INTEGERS,
  };
}

function writer(database: string, name: string): UserDefinition {
  return {
    role: 'writer',
    name,
    defaultDatabase: database,
    grants: ['events', 'drops', 'dead_letters', 'erasures'].map((table) => `GRANT INSERT ON ${database}.${table}`),
    rowFilters: {},
    settings: { ...QUOTED_INTEGERS, async_insert: { value: 0 } },
  };
}

function reporter(database: string, name: string): UserDefinition {
  const work = workDatabase(database);
  return {
    role: 'reporter',
    name,
    defaultDatabase: database,
    grants: [
      `GRANT SELECT ON ${database}.*`,
      ...['rates', 'user_days', 'rate_windows', 'rate_days', 'signal_days'].map(
        (table) => `GRANT INSERT, ALTER DELETE ON ${database}.${table}`,
      ),
      ...[
        'rollup_days',
        'rollup_windows',
        'comparisons',
        'comparison_looks',
        'drift_looks',
        'alert_deliveries',
        'report_runs',
        'metric_settings',
      ].map((table) => `GRANT INSERT ON ${database}.${table}`),
      // to forget a person: delete what is theirs, send again what is not, say when it was done
      ...['events', 'generations', 'dead_letters'].map((table) => `GRANT ALTER DELETE ON ${database}.${table}`),
      ...['events', 'dirty_days', 'erasures'].map((table) => `GRANT INSERT ON ${database}.${table}`),
      `GRANT SELECT, INSERT, CREATE TABLE, DROP TABLE, TRUNCATE, ALTER DELETE, SHOW TABLES ON ${work}.*`,
      'GRANT TABLE ENGINE ON MergeTree',
      'GRANT SELECT ON system.tables',
      'GRANT SELECT ON system.parts',
    ],
    rowFilters: {},
    settings: {
      ...QUOTED_INTEGERS,
      max_threads: { value: 1 },
      priority: { value: 10 },
      max_memory_usage: { value: GIB },
    },
  };
}

function analyst(database: string, prefix: string, project: string): UserDefinition {
  const filter = `project_id = '${project}'`;
  return {
    role: 'analyst',
    name: analystName(project, prefix),
    defaultDatabase: database,
    grants: [...FILTERED_TABLES, ...OPEN_TABLES].map((table) => `GRANT SELECT ON ${database}.${table}`),
    rowFilters: Object.fromEntries(FILTERED_TABLES.map((table) => [table, filter])),
    settings: ANALYST_SETTINGS,
  };
}

/** Reading only. What would lift a limit is bounded on both sides, since 0 often means "no limit", or may not be changed at all. */
const ANALYST_SETTINGS: Readonly<Record<string, UserSetting>> = {
  ...QUOTED_INTEGERS,
  readonly: { value: 2, constant: true },
  allow_ddl: { value: 0, constant: true },
  max_memory_usage: { value: GIB, min: 1, max: GIB },
  max_memory_usage_for_user: { value: 2 * GIB, constant: true },
  max_untracked_memory: { value: 4 * 1024 ** 2, constant: true },
  max_temporary_data_on_disk_size_for_query: { value: 4 * GIB, constant: true },
  max_temporary_data_on_disk_size_for_user: { value: 8 * GIB, constant: true },
  max_threads: { value: 1, constant: true }, // a bound does not hold against 0, which means all cores
  max_final_threads: { value: 1, constant: true },
  max_insert_threads: { value: 0, constant: true },
  priority: { value: 20, constant: true },
  max_execution_time: { value: 60, min: 1, max: 60 },
  max_estimated_execution_time: { value: 0, constant: true },
  timeout_overflow_mode: { value: 'throw', constant: true },
  max_result_bytes: { value: GIB, min: 1, max: GIB },
  max_concurrent_queries_for_user: { value: 16, constant: true },
  max_query_size: { value: 262144, constant: true },
  max_ast_elements: { value: 50000, constant: true },
  max_expanded_ast_elements: { value: 500000, constant: true },
  max_subquery_depth: { value: 100, constant: true },
  log_queries: { value: 1, constant: true },
  cancel_http_readonly_queries_on_client_close: { value: 1 },
};
