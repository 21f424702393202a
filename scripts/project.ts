// npm run project: adds projects, makes and revokes their keys. A secret is printed once and kept as a hash where it can be.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, sharedConfigSchema } from '../shared/runtime/config.js';
import { ensureDataDir } from '../shared/runtime/data-dir.js';
import { StartError } from '../shared/runtime/errors.js';
import { addProject, addSecret, makeSecrets, revokeSecret, setOrigins, type SecretKind } from './projects/edit.js';
import { readProjects, writeProjects } from './projects/file.js';

const USAGE = `npm run project -- list
npm run project -- add ID [--name NAME] [--origin https://app.example.com ...] [--no-origin] [--rate EVENTS_PER_SECOND] [--window SECONDS] [--lateness SECONDS]
npm run project -- origins ID --origin https://app.example.com ...
npm run project -- make ID write-key|server-key|read-token|signing-secret
npm run project -- revoke ID KEY`;

const SECRET_KINDS: readonly string[] = [
  'write-key',
  'server-key',
  'read-token',
  'signing-secret',
] satisfies SecretKind[];

function isSecretKind(word: string): word is SecretKind {
  return SECRET_KINDS.includes(word);
}

function wholeNumber(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new StartError(`--${option} takes a whole number`);
  return number;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        origin: { type: 'string', multiple: true },
        'no-origin': { type: 'boolean' },
        rate: { type: 'string' },
        window: { type: 'string' },
        lateness: { type: 'string' },
      },
    });
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [verb, id, word] = positionals;
  const config = readConfig(sharedConfigSchema.pick({ TACIT_DATA_DIR: true, TACIT_PROJECTS_FILE: true }), process.env);
  const file = config.TACIT_PROJECTS_FILE ?? ensureDataDir(config.TACIT_DATA_DIR).projectsFile;
  const projects = (await readProjects(file)) ?? { version: 1 as const, projects: [] };
  const say = (line: string) => process.stdout.write(`${line}\n`);

  if (verb === 'list') {
    for (const project of projects.projects)
      say(
        `${project.id}  ${project.writeKeys
          .filter((k) => !k.revoked)
          .map((k) => k.key)
          .join(' ')}`,
      );
    return;
  }
  if (id === undefined) throw new StartError(USAGE);
  if (verb === 'add') {
    const secrets = makeSecrets();
    const windowS = wholeNumber(values.window, 'window');
    const eventsPerSecond = wholeNumber(values.rate, 'rate');
    const latenessS = wholeNumber(values.lateness, 'lateness');
    const added = addProject(
      projects,
      {
        id,
        ...(values.name === undefined ? {} : { name: values.name }),
        origins: values.origin ?? [],
        allowNoOrigin: values['no-origin'] ?? false,
        ...(eventsPerSecond === undefined ? {} : { eventsPerSecond }),
        ...(windowS === undefined ? {} : { windowS }),
        ...(latenessS === undefined ? {} : { latenessS }),
      },
      secrets,
    );
    await writeProjects(file, added);
    say(`Project ${id} is in ${path.relative(process.cwd(), file)}. Keep these; the last three are shown only now:`);
    say(`  write key       ${secrets.writeKey}   (public, goes into the page)`);
    say(`  server key      ${secrets.serverKey}   (backfill, scores, erasure; stays on your server)`);
    say(`  signing secret  ${secrets.signingSecret}   (signs generation tokens; stays on your server)`);
    say(`  read token      ${secrets.readToken}   (opens the live page)`);
  } else if (verb === 'origins') {
    await writeProjects(file, setOrigins(projects, id, values.origin ?? []));
    say(`Write keys of ${id} now allow: ${(values.origin ?? []).join(' ') || 'no origin'}`);
  } else if (verb === 'make' && word !== undefined && isSecretKind(word)) {
    const made = addSecret(projects, id, word);
    await writeProjects(file, made.file);
    say(made.secret);
  } else if (verb === 'revoke' && word !== undefined) {
    await writeProjects(file, revokeSecret(projects, id, word));
    say(`Revoked for ${id}. Services notice within seconds.`);
  } else throw new StartError(USAGE);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
