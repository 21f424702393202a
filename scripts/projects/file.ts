// Reads and writes a projects file for the scripts that change it. Others read it through the watching reader.
import { readFile } from 'node:fs/promises';
import { projectsFileSchema, type ProjectsFile } from '../../shared/contract/projects.js';
import { writeFileAtomic } from '../../shared/runtime/data-dir.js';
import { StartError, errorCode } from '../../shared/runtime/errors.js';

/** The file's content, or undefined when there is none. Throws StartError when it is not a projects file. */
export async function readProjects(file: string): Promise<ProjectsFile | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new StartError(`the projects file ${file} cannot be read: ${errorCode(error) ?? 'unknown error'}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StartError(`the projects file ${file} is not JSON`);
  }
  const parsed = projectsFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new StartError(`the projects file ${file} is not usable:\n${problems.join('\n')}`);
}

export async function writeProjects(file: string, content: ProjectsFile): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(projectsFileSchema.parse(content), null, 2)}\n`);
}
