// run.json in the data directory: what a script needs to talk to a running instance. There only while everything is ready.
import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '../../shared/runtime/data-dir.js';

export interface RunFile {
  readonly pid: number;
  /** Addresses as `http://host:port`; `demo` is null where the demo projects are not there. */
  readonly collector: string;
  readonly reporter: string;
  readonly demo: string | null;
  readonly clickhouse: {
    readonly url: string;
    readonly database: string;
    readonly analyst: { readonly user: string; readonly password: string } | null;
  };
  /** As KAFKA_BROKERS takes it; null when events go through the disk log alone. */
  readonly kafka: { readonly brokers: string } | null;
  readonly project: {
    readonly id: string;
    readonly writeKey: string;
    readonly readToken: string;
    readonly serverKey: string;
    readonly signingSecret: string;
  } | null;
}

export async function writeRunFile(file: string, content: RunFile): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(content, null, 2)}\n`);
}

export async function removeRunFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
