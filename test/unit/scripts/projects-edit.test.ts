// Changes to a projects file: what is added, what is revoked, what is refused.
import { expect, test } from 'vitest';
import type { ProjectsFile } from '../../../shared/contract/projects.js';
import { projectsFileSchema } from '../../../shared/contract/projects.js';
import { StartError } from '../../../shared/runtime/errors.js';
import {
  addProject,
  addSecret,
  allowReadToken,
  makeSecrets,
  revokeSecret,
  setOrigins,
} from '../../../scripts/projects/edit.js';
import { keyHash } from '../../../scripts/projects/keys.js';

const EMPTY: ProjectsFile = { version: 1, projects: [] };

function one() {
  const secrets = makeSecrets();
  return { secrets, file: addProject(EMPTY, { id: 'shop', origins: ['https://shop.example'] }, secrets) };
}

test('a project is added with usable keys, and server keys and read tokens only as hashes', () => {
  const { file, secrets } = one();
  expect(projectsFileSchema.parse(file)).toEqual(file);
  const text = JSON.stringify(file);
  expect(text).toContain(secrets.writeKey);
  expect(text).not.toContain(secrets.serverKey);
  expect(text).not.toContain(secrets.readToken);
  expect(file.projects[0]?.serverKeys[0]?.sha256).toBe(keyHash(secrets.serverKey));
});

test('an id that is taken, or that is no id, is refused', () => {
  const { file } = one();
  expect(() => addProject(file, { id: 'shop' }, makeSecrets())).toThrow(StartError);
  expect(() => addProject(file, { id: 'Not An Id' }, makeSecrets())).toThrow(StartError);
});

test('each kind of secret can be made beside the old one and then revoked', () => {
  for (const kind of ['write-key', 'server-key', 'read-token', 'signing-secret'] as const) {
    const made = addSecret(one().file, 'shop', kind);
    expect(projectsFileSchema.parse(made.file)).toEqual(made.file);
    const revoked = revokeSecret(made.file, 'shop', made.secret);
    expect(revoked).not.toEqual(made.file);
  }
});

test('a new write key takes over the origins, and origins can be set', () => {
  const made = addSecret(one().file, 'shop', 'write-key');
  expect(made.file.projects[0]?.writeKeys.map((key) => key.origins)).toEqual([
    ['https://shop.example'],
    ['https://shop.example'],
  ]);
  const set = setOrigins(made.file, 'shop', ['https://new.example']);
  expect(set.projects[0]?.writeKeys.map((key) => key.origins)).toEqual([
    ['https://new.example'],
    ['https://new.example'],
  ]);
});

test("another project's read token can be allowed", () => {
  const file = allowReadToken(one().file, 'shop', 'rt_of_another_project');
  expect(file.projects[0]?.readTokens.at(-1)?.sha256).toBe(keyHash('rt_of_another_project'));
});

test('a project or a key that is not there is refused', () => {
  const { file } = one();
  expect(() => setOrigins(file, 'nope', [])).toThrow('there is no project nope');
  expect(() => revokeSecret(file, 'shop', 'pk_unknown_key_12345')).toThrow('no such key');
});

test('a rate is taken up to its limit with a burst that the file allows, and refused one past', () => {
  const rated = (eventsPerSecond: number) => addProject(EMPTY, { id: 'fast', eventsPerSecond }, makeSecrets());
  expect(rated(1e6).projects[0]?.writeKeys[0]).toMatchObject({ eventsPerSecond: 1e6, burst: 1e7 });
  expect(rated(50).projects[0]?.writeKeys[0]).toMatchObject({ eventsPerSecond: 50, burst: 1000 });
  expect(() => rated(1e6 + 1)).toThrow(StartError);
});
