// Who is calling. In: the projects, and the key of a request. Out: its project and what it may do.
// A server key is never taken from the address nor from a page; keys are never logged.
import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { ResolvedProject } from '../../shared/runtime/projects-file.js';
import { Persons } from './person.js';
import type { RateLimits, TokenBucket } from './rate-limit.js';

/** A project with its secrets ready for use. */
export interface KeyedProject {
  readonly project: ResolvedProject;
  readonly persons: Persons;
  readonly signingKeys: readonly KeyObject[];
}

/** Somebody whose key is known. */
export interface Caller {
  readonly keyed: KeyedProject;
  readonly kind: 'write' | 'server';
  readonly bucket: TokenBucket;
  /** Origins that may use the key; a server key has none. */
  readonly origins: ReadonlySet<string>;
  readonly allowNoOrigin: boolean;
}

export interface KeyRequest {
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  /** Key in the address (`?key=`). */
  readonly queryKey: string | undefined;
}

const BEARER = /^bearer +(\S+) *$/i;

export class KeyRing {
  readonly #writeKeys = new Map<string, Caller>();
  readonly #serverKeys = new Map<string, Caller>();
  readonly #readTokens = new Set<string>();
  /** Origins that any key of any project allows. */
  readonly origins = new Set<string>();

  constructor(projects: readonly ResolvedProject[], limits: RateLimits) {
    for (const project of projects) {
      const keyed: KeyedProject = {
        project,
        persons: new Persons(createSecretKey(Buffer.from(project.hashKey))),
        signingKeys: project.signingSecrets.map((secret) => createSecretKey(Buffer.from(secret))),
      };
      for (const key of project.writeKeys) {
        if (key.revoked) continue;
        for (const origin of key.origins) this.origins.add(origin);
        this.#writeKeys.set(key.key, {
          keyed,
          kind: 'write',
          bucket: limits.bucket(key.key, key),
          origins: new Set(key.origins),
          allowNoOrigin: key.allowNoOrigin,
        });
      }
      for (const key of project.serverKeys) {
        if (key.revoked) continue;
        const caller = { keyed, kind: 'server' as const, origins: new Set<string>(), allowNoOrigin: true };
        this.#serverKeys.set(key.sha256, { ...caller, bucket: limits.bucket(key.sha256, key) });
      }
      for (const token of project.readTokens) if (!token.revoked) this.#readTokens.add(token.sha256);
    }
    limits.keepOnly(new Set([...this.#writeKeys.keys(), ...this.#serverKeys.keys()]));
  }

  /** The caller, or undefined when the key is missing, unknown, revoked, or a server key where none may be. */
  find({ authorization, origin, queryKey }: KeyRequest): Caller | undefined {
    const inHeader = bearer(authorization);
    const key = inHeader ?? queryKey;
    if (key === undefined) return undefined;
    const byWriteKey = this.#writeKeys.get(key);
    if (byWriteKey !== undefined || inHeader === undefined || origin !== undefined) return byWriteKey;
    return this.#serverKeys.get(sha256(key));
  }

  /** Whether the header holds a read token of any project. */
  mayRead(authorization: string | undefined): boolean {
    const token = bearer(authorization);
    return token !== undefined && this.#readTokens.has(sha256(token));
  }
}

function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
