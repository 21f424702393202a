// infra/compose.yaml says nothing that compose, or a service, would not understand, and everything that each of them needs.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectorConfigSchema } from '../../../services/collector/config.js';
import { reporterConfigSchema } from '../../../services/reporter/config.js';
import { sinkConfigSchema } from '../../../services/sink/config.js';
import { readConfig } from '../../../shared/runtime/config.js';
import { projectRoot } from '../../../shared/runtime/project-root.js';
import { COMPOSE_FOLDER, composeService, environmentOf, readCompose, variablesIn } from '../../support/compose.js';

const text = readFileSync(path.join(COMPOSE_FOLDER, 'compose.yaml'), 'utf8');
const compose = readCompose(text);
const services = Object.entries(compose.services);
const variables = Object.fromEntries(variablesIn(text).map((name) => [name, 'a-password']));

describe('the file', () => {
  test('a part that compose does not know is refused', () => {
    const bad = (from: string, to: string) => () => readCompose(text.replace(from, to));
    expect(bad('restart: unless-stopped', 'restart: sometimes')).toThrow();
    expect(bad('healthcheck:', 'healthchecks:')).toThrow();
    expect(bad('interval: 5s', 'interval: 5 seconds')).toThrow();
    expect(bad('apache/kafka:4.1.1', 'apache/kafka')).toThrow('a pulled image names its version');
  });

  test('every variable that it asks for is named at its top', () => {
    const top = text.slice(0, text.indexOf('name: tacit'));
    for (const name of Object.keys(variables)) expect(top).toContain(`${name}=`);
    expect(Object.keys(variables)).toHaveLength(4);
  });

  test('every named volume is declared and used, and every file that is mounted is there', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const named = sources.filter((source) => !source.startsWith('.'));
    expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort());
    for (const file of sources.filter((source) => source.startsWith('.')))
      expect(existsSync(path.join(COMPOSE_FOLDER, file))).toBe(true);
  });

  test('whoever is waited for is there, and has a health check when its health is waited for', () => {
    for (const [, { depends_on: needs = {} }] of services) {
      for (const [name, { condition }] of Object.entries(needs)) {
        const needed = composeService(compose, name);
        if (condition === 'service_healthy') expect(needed.healthcheck).toBeDefined();
        if (condition === 'service_completed_successfully') expect(needed.restart).toBeUndefined();
      }
    }
  });

  test('what runs for good has a health check and comes back', () => {
    const lasting = services.filter(([name]) => !['migrate', 'project'].includes(name));
    expect(lasting.map(([name]) => name).sort()).toEqual(['clickhouse', 'collector', 'kafka', 'reporter', 'sink']);
    for (const [, { healthcheck, restart }] of lasting) {
      expect(healthcheck).toBeDefined();
      expect(restart).toBe('unless-stopped');
    }
  });

  test('its Kafka is the one that the tests run', () => {
    const pom = readFileSync(path.join(projectRoot, 'infra', 'kafka', 'pom.xml'), 'utf8');
    const version = /<kafka\.version>([^<]+)</.exec(pom)?.[1];
    expect(composeService(compose, 'kafka').image).toBe(`apache/kafka:${version}`);
  });
});

describe('a service', () => {
  const schemas = { collector: collectorConfigSchema, sink: sinkConfigSchema, reporter: reporterConfigSchema };

  test.each(Object.entries(schemas))('%s is told only what it reads, and all that it needs', (name, schema) => {
    const env = environmentOf(composeService(compose, name), variables);
    expect(Object.keys(env).filter((key) => !(key in schema.shape))).toEqual([]);
    expect(() => readConfig(schema, env)).not.toThrow();
  });

  test('starts a file that the build makes, from an image that is built here', () => {
    for (const [, { command, entrypoint, build, image }] of services) {
      const words = command ?? entrypoint;
      if (words === undefined) continue;
      expect([image, build]).toEqual(['tacit', { context: '..', dockerfile: 'infra/Dockerfile' }]);
      const source = (words[1] ?? '').replace(/^dist\//, '').replace(/\.js$/, '.ts');
      expect([source, existsSync(path.join(projectRoot, source))]).toEqual([source, true]);
    }
  });

  test('knows the password of its own role alone', () => {
    const secrets = (name: string) =>
      Object.keys(composeService(compose, name).environment).filter((key) => key.endsWith('_PASSWORD'));
    expect(secrets('collector')).toEqual([]);
    expect(secrets('sink')).toEqual(['CLICKHOUSE_WRITER_PASSWORD']);
    expect(secrets('reporter')).toEqual(['CLICKHOUSE_REPORTER_PASSWORD']);
  });

  test('that has a port is asked for its health there', () => {
    for (const [name, key] of [
      ['collector', 'TACIT_COLLECTOR_PORT'],
      ['sink', 'TACIT_SINK_PORT'],
      ['reporter', 'TACIT_REPORTER_PORT'],
    ] as const) {
      const { environment, healthcheck } = composeService(compose, name);
      expect(healthcheck?.test.at(-1)).toBe(`http://127.0.0.1:${environment[key]}/readyz`);
    }
  });
});

test('the image is made from folders that are there', () => {
  const dockerfile = readFileSync(path.join(COMPOSE_FOLDER, 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map((match) => match[1] ?? '');
  expect(copied).toEqual(['package.json', 'node_modules', 'dist', 'services', 'infra']);
  for (const name of copied) expect(existsSync(path.join(projectRoot, name))).toBe(true);
});
