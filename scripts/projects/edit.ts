// Changes to a projects file as pure functions: a file goes in, a new file comes out with the secrets made for it.
// The file keeps hashes where it can; a secret is shown once, by whoever called.
import { projectSchema, type Project, type ProjectsFile } from '../../shared/contract/projects.js';
import { StartError } from '../../shared/runtime/errors.js';
import { keyHash, makeKey } from './keys.js';

/** As the projects file allows. */
const BURST_MAX = 1e7;

/** What a project's owner needs in hand. */
export interface ProjectSecrets {
  readonly writeKey: string;
  readonly readToken: string;
  readonly serverKey: string;
  readonly signingSecret: string;
}

export interface NewProject {
  readonly id: string;
  readonly name?: string;
  readonly origins?: readonly string[];
  readonly allowNoOrigin?: boolean;
  /** Sustained rate of its write key; twenty times as much may come at once. */
  readonly eventsPerSecond?: number;
  readonly windowS?: number;
  readonly latenessS?: number;
}

export type SecretKind = 'write-key' | 'server-key' | 'read-token' | 'signing-secret';

export function makeSecrets(): ProjectSecrets {
  return { writeKey: makeKey('pk'), readToken: makeKey('rt'), serverKey: makeKey('sk'), signingSecret: makeKey('ss') };
}

/** Adds a project with these secrets. Throws StartError when the id is taken or a field is not usable. */
export function addProject(file: ProjectsFile, project: NewProject, secrets: ProjectSecrets): ProjectsFile {
  if (file.projects.some((existing) => existing.id === project.id))
    throw new StartError(`project ${project.id} exists already`);
  const parsed = projectSchema.safeParse({
    id: project.id,
    ...(project.name === undefined ? {} : { name: project.name }),
    hashKey: { value: makeKey('hk') },
    writeKeys: [
      {
        key: secrets.writeKey,
        origins: project.origins ?? [],
        allowNoOrigin: project.allowNoOrigin ?? false,
        ...(project.eventsPerSecond === undefined
          ? {}
          : { eventsPerSecond: project.eventsPerSecond, burst: Math.min(BURST_MAX, project.eventsPerSecond * 20) }),
      },
    ],
    serverKeys: [{ sha256: keyHash(secrets.serverKey) }],
    readTokens: [{ sha256: keyHash(secrets.readToken) }],
    signingSecrets: [{ value: secrets.signingSecret }],
    settings: {
      ...(project.windowS === undefined ? {} : { windowS: project.windowS }),
      ...(project.latenessS === undefined ? {} : { latenessS: project.latenessS }),
    },
  });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartError(`project ${project.id} is not usable: ${problems.join('; ')}`);
  }
  return { ...file, projects: [...file.projects, parsed.data] };
}

/** Gives a project one more key, token or secret; the old ones stay valid until they are revoked. */
export function addSecret(file: ProjectsFile, id: string, kind: SecretKind): { file: ProjectsFile; secret: string } {
  switch (kind) {
    case 'write-key': {
      const secret = makeKey('pk');
      const next = changeProject(file, id, (project) => {
        const { origins, allowNoOrigin } = project.writeKeys.at(-1) ?? { origins: [], allowNoOrigin: false };
        const added = projectSchema.shape.writeKeys.parse([{ key: secret, origins, allowNoOrigin }]);
        return { ...project, writeKeys: [...project.writeKeys, ...added] };
      });
      return { file: next, secret };
    }
    case 'server-key': {
      const secret = makeKey('sk');
      const added = projectSchema.shape.serverKeys.parse([{ sha256: keyHash(secret) }]);
      return { file: changeProject(file, id, (p) => ({ ...p, serverKeys: [...p.serverKeys, ...added] })), secret };
    }
    case 'read-token': {
      const secret = makeKey('rt');
      return { file: allowReadToken(file, id, secret), secret };
    }
    case 'signing-secret': {
      const secret = makeKey('ss');
      const next = changeProject(file, id, (p) => ({ ...p, signingSecrets: [{ value: secret }, ...p.signingSecrets] }));
      return { file: next, secret };
    }
  }
}

/** Lets a read token, perhaps another project's, read this project too. */
export function allowReadToken(file: ProjectsFile, id: string, token: string): ProjectsFile {
  return changeProject(file, id, (p) => ({
    ...p,
    readTokens: [...p.readTokens, { sha256: keyHash(token), revoked: false }],
  }));
}

/** Revokes a write key, server key or read token, or removes a signing secret. Throws StartError when it is not there. */
export function revokeSecret(file: ProjectsFile, id: string, secret: string): ProjectsFile {
  const hash = keyHash(secret);
  let found = false;
  const revoke = <T extends { revoked: boolean }>(entries: readonly T[], isIt: (entry: T) => boolean): T[] =>
    entries.map((entry) => {
      if (!isIt(entry)) return entry;
      found = true;
      return { ...entry, revoked: true };
    });
  const next = changeProject(file, id, (project) => {
    const signingSecrets = project.signingSecrets.filter((entry) => !('value' in entry) || entry.value !== secret);
    found ||= signingSecrets.length < project.signingSecrets.length;
    return {
      ...project,
      writeKeys: revoke(project.writeKeys, (entry) => entry.key === secret),
      serverKeys: revoke(project.serverKeys, (entry) => entry.sha256 === hash),
      readTokens: revoke(project.readTokens, (entry) => entry.sha256 === hash),
      signingSecrets,
    };
  });
  if (!found) throw new StartError(`project ${id} has no such key, token or secret`);
  return next;
}

/** Sets the origins of all write keys of a project. */
export function setOrigins(file: ProjectsFile, id: string, origins: readonly string[]): ProjectsFile {
  return changeProject(file, id, (project) => ({
    ...project,
    writeKeys: project.writeKeys.map((entry) => ({ ...entry, origins: [...origins] })),
  }));
}

function changeProject(file: ProjectsFile, id: string, change: (project: Project) => Project): ProjectsFile {
  if (!file.projects.some((project) => project.id === id)) throw new StartError(`there is no project ${id}`);
  return { ...file, projects: file.projects.map((project) => (project.id === id ? change(project) : project)) };
}
