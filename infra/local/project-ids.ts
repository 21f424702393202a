// Which projects there are, followed while the projects file changes: each needs an analyst of its own.
// In: the file's path. Out: ids. Must never stop on a file that is missing or broken: the last good list stays.
import { readFile, stat } from 'node:fs/promises';
import { projectsFileSchema } from '../../shared/contract/projects.js';

const POLL_MS = 1000;

export interface ProjectIds {
  /** Sorted. Empty while there is no file. */
  current(): readonly string[];
  close(): void;
}

/** Resolves when the file was looked at once. `onChange` is called when the ids are others than before. */
export async function followProjectIds(file: string, onChange: () => void, pollMs = POLL_MS): Promise<ProjectIds> {
  let ids: readonly string[] = [];
  let seen = '';
  const look = async (): Promise<boolean> => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const signature = `${mtimeMs} ${size} ${ino}`;
      if (signature === seen) return false;
      seen = signature;
      const parsed = projectsFileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      const found = parsed.projects.map((project) => project.id).sort();
      const changed = found.join(' ') !== ids.join(' ');
      ids = found;
      return changed;
    } catch {
      return false; // missing, half written or not valid: whoever needs its content says so
    }
  };
  await look();
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .then((changed) => {
        if (changed) onChange();
      })
      .finally(() => {
        looking = false;
      });
  }, pollMs);
  timer.unref();
  return { current: () => ids, close: () => clearInterval(timer) };
}
