// npm run migrate: brings ClickHouse to the newest schema, and makes or checks the topic when there are KAFKA_BROKERS. With --users also makes the users of least privilege there.
// In: the environment. Out: what was applied, on standard output. Must never print a password.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { migrate } from '../infra/clickhouse/migrate.js';
import { renderUsersSql } from '../infra/clickhouse/users-sql.js';
import { userDefinitions, type Role, type UserDefinition } from '../infra/clickhouse/users.js';
import { clickHouseConfigSchema, openClickHouse } from '../infra/local/open-clickhouse.js';
import { projectsFileSchema } from '../shared/contract/projects.js';
import { createClickHouse, type ClickHouseConnection } from '../shared/runtime/clickhouse.js';
import { readConfig } from '../shared/runtime/config.js';
import { dataDir } from '../shared/runtime/data-dir.js';
import { StartError, errorCode } from '../shared/runtime/errors.js';
import { kafkaConfigSchema, kafkaSettings } from '../shared/runtime/kafka/config.js';
import { ensureTopics } from '../shared/runtime/kafka/topics.js';
import { createLogger } from '../shared/runtime/log.js';

const configSchema = clickHouseConfigSchema.extend({
  ...kafkaConfigSchema.shape,
  CLICKHOUSE_ANALYST_USER: z.string().optional(),
  CLICKHOUSE_ANALYST_PASSWORD: z.string().optional(),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z0-9_{}-]+$/, 'must be the name of a cluster')
    .optional(),
});
type Config = Readonly<z.infer<typeof configSchema>>;

async function main(): Promise<void> {
  const config = readConfig(configSchema, process.env);
  const kafka = kafkaSettings(config);
  if (kafka !== undefined)
    for (const line of await ensureTopics(kafka, createLogger('migrate', 'warn'))) console.log(line);
  if (config.CLICKHOUSE_URL === undefined) {
    await migrateEmbedded(config);
    return;
  }
  if (config.CLICKHOUSE_MIGRATOR_USER === undefined)
    throw new StartError('CLICKHOUSE_MIGRATOR_USER and CLICKHOUSE_MIGRATOR_PASSWORD say who migrates.');
  const connection = {
    url: config.CLICKHOUSE_URL,
    database: config.CLICKHOUSE_DATABASE,
    user: config.CLICKHOUSE_MIGRATOR_USER,
    password: config.CLICKHOUSE_MIGRATOR_PASSWORD ?? '',
  };
  const applied = await migrate(connection, {
    cluster: config.CLICKHOUSE_CLUSTER,
    onApplied: (name) => console.log(`applied ${name}`),
  });
  if (applied.length === 0) console.log(`${config.CLICKHOUSE_DATABASE} is up to date.`);
  if (process.argv.includes('--users')) await makeUsers(config, connection);
}

/** The embedded server is migrated by whoever keeps it, at its start: a keeper that lives has done it. */
async function migrateEmbedded(config: Config): Promise<void> {
  const log = createLogger('migrate', 'warn');
  const opened = await openClickHouse({ config, role: 'migrator', log });
  const rows = await opened.clickhouse.query<{ name: string }>(
    `SELECT DISTINCT name FROM ${config.CLICKHOUSE_DATABASE}.schema_migrations ORDER BY name`,
  );
  await opened.close();
  console.log(`The embedded ClickHouse is up to date (${rows.length} migrations).`);
}

async function makeUsers(config: Config, connection: ClickHouseConnection): Promise<void> {
  const projects = await projectIds(config.TACIT_PROJECTS_FILE ?? dataDir(config.TACIT_DATA_DIR).projectsFile);
  const names: Partial<Record<Role, string>> = {
    migrator: connection.user,
    ...(config.CLICKHOUSE_WRITER_USER !== undefined && { writer: config.CLICKHOUSE_WRITER_USER }),
    ...(config.CLICKHOUSE_REPORTER_USER !== undefined && { reporter: config.CLICKHOUSE_REPORTER_USER }),
    ...(config.CLICKHOUSE_ANALYST_USER !== undefined && { analyst: config.CLICKHOUSE_ANALYST_USER }),
  };
  const users = userDefinitions({ database: connection.database, projects, names });
  const others = users.filter(({ role }) => role === 'migrator' || role === 'reporter').map(({ name }) => name);
  const withPasswords = users.map((user) => ({ ...user, password: passwordOf(config, user, projects) }));
  const clickhouse = createClickHouse(connection);
  try {
    for (const statement of renderUsersSql(connection.database, withPasswords, others))
      await clickhouse.command(statement);
  } finally {
    await clickhouse.close();
  }
  for (const user of withPasswords.filter(({ role }) => role !== 'migrator'))
    console.log(
      `user ${user.name}${user.password === undefined ? ' (no login until it gets a password and a host)' : ''}`,
    );
}

/** One password for the analysts of several projects would let each of them read the others' figures. */
function passwordOf(config: Config, user: UserDefinition, projects: readonly string[]): string | undefined {
  switch (user.role) {
    case 'migrator':
      return undefined;
    case 'writer':
      return config.CLICKHOUSE_WRITER_PASSWORD;
    case 'reporter':
      return config.CLICKHOUSE_REPORTER_PASSWORD;
    case 'analyst':
      return projects.length === 1 ? config.CLICKHOUSE_ANALYST_PASSWORD : undefined;
  }
}

async function projectIds(file: string): Promise<readonly string[]> {
  try {
    return projectsFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).projects.map(({ id }) => id);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new StartError(`The projects file ${file} cannot be used.`);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
