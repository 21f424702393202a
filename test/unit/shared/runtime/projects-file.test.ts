// The projects file: what is refused, what stays, what is said.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../../../shared/runtime/data-dir.js';
import { StartError } from '../../../../shared/runtime/errors.js';
import { openProjectsFile, parseProjects, type OpenProjectsFile } from '../../../../shared/runtime/projects-file.js';

const SECRET = 'a-very-long-secret-value';
const POLL_MS = 10;

let directory: string;
let file: string;
let logged: string[];
let open: OpenProjectsFile | undefined;
const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tacit-projects-'));
  file = path.join(directory, 'projects.json');
  logged = [];
});

afterEach(async () => {
  open?.close();
  open = undefined;
  await rm(directory, { recursive: true, force: true });
});

const text = (project: object): string =>
  JSON.stringify({ version: 1, projects: [{ id: 'demo', hashKey: { value: SECRET }, ...project }] });

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  expect(condition()).toBe(true);
}

async function opened(): Promise<OpenProjectsFile> {
  open = await openProjectsFile(file, { env: {}, log, pollMs: POLL_MS });
  return open;
}

describe('parsing', () => {
  it('resolves secrets by value and by environment', () => {
    const [project] = parseProjects(text({ signingSecrets: [{ env: 'SIGN_1' }, { value: 'another-secret-value' }] }), {
      SIGN_1: 'secret-from-the-environment',
    });
    expect(project?.hashKey).toBe(SECRET);
    expect(project?.signingSecrets).toEqual(['secret-from-the-environment', 'another-secret-value']);
    expect(project?.settings).toMatchObject({ windowS: 86400, latenessS: 172800 });
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['text that is not JSON', `{"hashKey": ${SECRET}`, /not valid JSON/],
    ['an unknown field', text({ colour: 'red' }), /projects\.0: .*colour/],
    ['a secret that is too short', text({ hashKey: { value: 'short' } }), /projects\.0\.hashKey/],
    ['a variable that is not set', text({ hashKey: { env: 'NOT_THERE' } }), /demo\.hashKey: NOT_THERE is not set/],
    ['a variable that is too short', text({ hashKey: { env: 'SHORT' } }), /demo\.hashKey: SHORT is not set/],
  ];
  it.each(refused)('refuses %s and names no value', (_, input, problem) => {
    const attempt = () => parseProjects(input, { SHORT: 'tiny' });
    expect(attempt).toThrow(problem);
    expect(attempt).not.toThrow(new RegExp(SECRET));
  });
});

describe('starting', () => {
  it('says in one line that the file is missing', async () => {
    const error: unknown = await opened().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StartError);
    expect((error as Error).message).toMatch(/projects\.json is missing/);
    expect((error as Error).message).not.toContain('\n');
  });

  it('says what is wrong with the file', async () => {
    await writeFile(file, text({ id: 'UPPER CASE' }));
    await expect(opened()).rejects.toThrow(/not usable: projects\.0\.id/);
  });
});

describe('following changes', () => {
  it('takes a new version and tells its listeners', async () => {
    await writeFile(file, text({}));
    const projects = await opened();
    const told: string[][] = [];
    projects.onChange((now) => told.push(now.map((p) => p.id)));
    await writeFileAtomic(file, text({ id: 'other' }));
    await until(() => projects.current()[0]?.id === 'other');
    expect(told).toEqual([['other']]);
  });

  it('keeps the last good version, says so once and without a value, and recovers', async () => {
    await writeFile(file, text({}));
    const projects = await opened();
    await writeFile(file, `{"hashKey": "${SECRET}`);
    await until(() => logged.some((line) => line.includes('not usable')));
    await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
    expect(projects.current()[0]?.id).toBe('demo');
    expect(logged.filter((line) => line.includes('not usable'))).toHaveLength(1);
    expect(logged.join('')).not.toContain(SECRET);
    await writeFile(file, text({ id: 'mended' }));
    await until(() => projects.current()[0]?.id === 'mended');
  });

  it('keeps the last good version while the file is away', async () => {
    await writeFile(file, text({}));
    const projects = await opened();
    await rm(file);
    await until(() => logged.some((line) => line.includes('ENOENT')));
    expect(projects.current()).toHaveLength(1);
    await writeFile(file, text({ id: 'back' }));
    await until(() => projects.current()[0]?.id === 'back');
  });

  it('tells nobody after it was closed or the listener was taken off', async () => {
    await writeFile(file, text({}));
    const projects = await opened();
    let calls = 0;
    const off = projects.onChange(() => calls++);
    off();
    await writeFileAtomic(file, text({ id: 'other' }));
    await until(() => projects.current()[0]?.id === 'other');
    projects.close();
    await writeFileAtomic(file, text({ id: 'third' }));
    await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
    expect(projects.current()[0]?.id).toBe('other');
    expect(calls).toBe(0);
  });
});
