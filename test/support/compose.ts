// infra/compose.yaml as a test reads it: parsed, with exactly the parts of the compose specification that it uses. In: nothing.
// Out: its services. Throws when it has a part that is not described here, or one of another shape.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../shared/runtime/project-root.js';

const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const words = z.array(z.string().min(1)).min(1);
const port = z.string().regex(/^\d{1,5}:\d{1,5}$/);
const volume = z.string().regex(/^(\.{1,2}\/)?[A-Za-z0-9._/-]+:\/[A-Za-z0-9._/-]+(:ro)?$/);
const policy = z.enum(['no', 'always', 'on-failure', 'unless-stopped']);

const serviceSchema = z
  .strictObject({
    image: z.string().min(1),
    build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
    command: words.optional(),
    entrypoint: words.optional(),
    environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.union([z.string(), z.number()])),
    ports: z.array(port).optional(),
    volumes: z.array(volume).optional(),
    ulimits: z.strictObject({ nofile: z.int() }).optional(),
    restart: policy.optional(),
    stop_grace_period: duration.optional(),
    profiles: words.optional(),
    depends_on: z
      .record(
        z.string(),
        z.strictObject({
          condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
        }),
      )
      .optional(),
    healthcheck: z
      .strictObject({
        test: z.tuple([z.literal('CMD'), z.string()], z.string()),
        interval: duration,
        timeout: duration,
        retries: z.int().min(1).optional(),
        start_period: duration.optional(),
      })
      .optional(),
  })
  // an image is pulled, or built here; one that is built here has no version to pin
  .refine(({ image, build }) => build !== undefined || /:\d/.test(image), 'a pulled image names its version');

const composeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
});

export type Compose = z.infer<typeof composeSchema>;
export type ComposeService = z.infer<typeof serviceSchema>;

/** Folder from which the paths in the file are meant. */
export const COMPOSE_FOLDER = path.join(projectRoot, 'infra');

export function readCompose(text = readFileSync(path.join(COMPOSE_FOLDER, 'compose.yaml'), 'utf8')): Compose {
  const parsed = parse(text, { merge: true }) as Record<string, unknown>;
  // extensions hold what the services share; they are merged in by now
  return composeSchema.parse(Object.fromEntries(Object.entries(parsed).filter(([key]) => !key.startsWith('x-'))));
}

export function composeService(compose: Compose, name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}

/** A service's environment with the variables that the file asks for. Throws naming one that is not given. */
export function environmentOf(
  service: ComposeService,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment).map(([key, value]) => [key, fill(String(value), variables)]),
  );
}

/** The variables that a text asks for as `${NAME:?what to do}`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Z_]+):\?[^}]*\}/g)].map((match) => match[1] ?? '');
}

function fill(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{([A-Z_]+):\?[^}]*\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`the variable ${name} is not given`);
    return value;
  });
}
