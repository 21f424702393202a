// The children of the supervisor and what each is told: only what it needs, by environment.
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { SupervisedChild } from './child.js';
import type { ProjectSecrets } from '../projects/edit.js';

export type ServiceName = 'collector' | 'sink' | 'reporter' | 'demo';

export interface Addresses {
  readonly host: string;
  readonly collectorPort: number;
  readonly reporterPort: number;
  readonly demoPort: number;
}

/** Credentials of one ClickHouse role. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface ServiceSurroundings {
  /** The supervisor's own environment; of its credentials each service gets its own alone. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  readonly projectsFile: string;
  readonly addresses: Addresses;
  readonly clickhouse: {
    readonly url: string;
    readonly database: string;
    readonly writer: Credentials | undefined;
    readonly reporter: Credentials | undefined;
  };
  /** As KAFKA_BROKERS takes it; undefined without Kafka. */
  readonly brokers: string | undefined;
  readonly demo: ProjectSecrets | undefined;
}

export function serviceFile(name: ServiceName): string {
  const entry = name === 'demo' ? ['scripts', 'demo'] : ['services', name];
  return path.join(projectRoot, 'dist', ...entry, 'main.js');
}

/** An address that a browser on this machine can open. */
export function origin(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/** The environment of one service. */
export function serviceEnv(name: ServiceName, around: ServiceSurroundings): Record<string, string | undefined> {
  const { addresses, clickhouse, demo } = around;
  const told = (wanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(around.env).filter(([key]) => wanted(key)));
  const inherited = told((key) => !/^CLICKHOUSE_.*_(USER|PASSWORD)$|^KAFKA_|^TACIT_(SMTP|REPORTS?)_|^npm_/.test(key));
  const kafka = { ...told((key) => key.startsWith('KAFKA_')), KAFKA_BROKERS: around.brokers };
  const reports = told((key) => /^TACIT_(SMTP|REPORTS?)_/.test(key));
  const base = {
    ...inherited,
    TACIT_DATA_DIR: around.dataDir,
    TACIT_PROJECTS_FILE: around.projectsFile,
    TACIT_HOST: addresses.host,
    TACIT_COLLECTOR_PORT: String(addresses.collectorPort),
    TACIT_REPORTER_PORT: String(addresses.reporterPort),
    TACIT_DEMO_PORT: String(addresses.demoPort),
  };
  const database = { ...base, CLICKHOUSE_URL: clickhouse.url, CLICKHOUSE_DATABASE: clickhouse.database };
  switch (name) {
    case 'collector':
      return { ...base, ...kafka };
    case 'sink':
      return {
        ...database,
        ...kafka,
        CLICKHOUSE_WRITER_USER: clickhouse.writer?.user,
        CLICKHOUSE_WRITER_PASSWORD: clickhouse.writer?.password,
      };
    case 'reporter':
      return {
        ...database,
        ...reports,
        CLICKHOUSE_REPORTER_USER: clickhouse.reporter?.user,
        CLICKHOUSE_REPORTER_PASSWORD: clickhouse.reporter?.password,
      };
    case 'demo':
      return {
        ...base,
        TACIT_DEMO_COLLECTOR: origin(addresses.host, addresses.collectorPort),
        TACIT_DEMO_LIVE_PAGE: `${origin(addresses.host, addresses.reporterPort)}/${demo === undefined ? '' : `?token=${demo.readToken}`}`,
        TACIT_DEMO_WRITE_KEY: demo?.writeKey,
        TACIT_DEMO_SIGNING_SECRET: demo?.signingSecret,
      };
  }
}

/** How long each child may take to stop, ms. With the embedded ClickHouse and a local Kafka (3 s each, side by side) they stay under 10 s. */
const STOP_FRONT_MS = 3500;
const STOP_SINK_MS = 2500;

/** Stops in the order of the path: what takes requests first, then what drains behind it. */
export async function stopChildren(children: ReadonlyMap<ServiceName, SupervisedChild>): Promise<void> {
  const front: ServiceName[] = ['demo', 'collector', 'reporter'];
  await Promise.all(front.map(async (name) => await children.get(name)?.stop(STOP_FRONT_MS)));
  await children.get('sink')?.stop(STOP_SINK_MS);
}
