// A product somebody else would make: the npm package as `npm pack` makes it, installed into a project in a temporary folder.
// In: which project of test/browser/package. Out: its folder, and commands run in it. Must leave nothing behind after remove().
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../shared/runtime/project-root.js';

const run = promisify(execFile);

/** A command that takes longer than this hangs, ms. */
const COMMAND_MS = 120_000;

const FOLDER = path.join(projectRoot, 'test', 'browser', 'package');

export interface PackedPackage {
  /** The tarball. */
  file: string;
  /** Paths in it. */
  paths: string[];
  remove(): Promise<void>;
}

export interface ScratchProject {
  folder: string;
  /** Runs a script of the project with Node; answers what it printed. Throws with all that it said. */
  node(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

async function command(folder: string, file: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await run(file, args, { cwd: folder, timeout: COMMAND_MS, maxBuffer: 2 ** 24 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([message, stdout, stderr].join('\n').trim(), { cause: error });
  }
}

export async function packPackage(): Promise<PackedPackage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tacit-pack-'));
  const printed = await command(path.join(projectRoot, 'services', 'beacon'), 'npm', [
    ...['pack', '--json', '--pack-destination', folder],
  ]);
  const [packed] = JSON.parse(printed) as { filename: string; files: { path: string }[] }[];
  return {
    file: path.join(folder, packed?.filename ?? ''),
    paths: (packed?.files ?? []).map((one) => one.path).sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `variant` names a folder whose files replace those of the project, such as another lock file. */
export async function openScratchProject(packed: PackedPackage, variant?: string): Promise<ScratchProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tacit-scratch-'));
  await cp(path.join(FOLDER, 'project'), folder, { recursive: true });
  if (variant) await cp(path.join(FOLDER, variant), folder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  try {
    await command(folder, 'npm', ['ci', ...quiet]);
    await command(folder, 'npm', ['install', '--no-save', ...quiet, packed.file]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(
      'npm could not install the scratch project: this test needs a package registry (is there a network?)',
      {
        cause: error,
      },
    );
  }
  return {
    folder,
    node: (...args) => command(folder, process.execPath, args),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
