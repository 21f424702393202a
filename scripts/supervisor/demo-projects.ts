// The two projects of a try-out: `demo` for the demo product, `traffic` for synthetic traffic. One read token opens both.
// In: the projects file and the secrets file of the data directory, or nothing. Out: both, complete; never touches other projects.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ProjectsFile } from '../../shared/contract/projects.js';
import { writeFileAtomic } from '../../shared/runtime/data-dir.js';
import { errorCode, StartError } from '../../shared/runtime/errors.js';
import { addProject, allowReadToken, makeSecrets, setOrigins, type ProjectSecrets } from '../projects/edit.js';
import { readProjects, writeProjects } from '../projects/file.js';

/** In the demo an action counts for two minutes and may arrive one minute late, so that rates mature while one looks. */
export const DEMO_WINDOW_S = 120;
export const DEMO_LATENESS_S = 60;

const secret = z.string().min(16);
const secretsFileSchema = z.object({
  projects: z.record(
    z.string(),
    z.object({ writeKey: secret, readToken: secret, serverKey: secret, signingSecret: secret }),
  ),
});

export interface DemoProjects {
  readonly demo: ProjectSecrets | undefined;
}

/** Makes the demo projects where they are missing and lets the demo page's address in. */
export async function ensureDemoProjects(
  projectsFile: string,
  secretsFile: string,
  demoOrigins: readonly string[],
): Promise<DemoProjects> {
  const existing = await readProjects(projectsFile);
  const known = await readSecrets(secretsFile);
  let file: ProjectsFile = existing ?? { version: 1, projects: [] };
  if (existing === undefined) {
    const demo = known['demo'] ?? makeSecrets();
    const traffic = known['traffic'] ?? { ...makeSecrets(), readToken: demo.readToken };
    file = addProject(
      file,
      {
        id: 'demo',
        name: 'Demo product',
        origins: demoOrigins,
        allowNoOrigin: true,
        windowS: DEMO_WINDOW_S,
        latenessS: DEMO_LATENESS_S,
      },
      demo,
    );
    file = addProject(file, { id: 'traffic', name: 'Synthetic traffic', allowNoOrigin: true }, traffic);
    if (traffic.readToken !== demo.readToken) file = allowReadToken(file, 'traffic', demo.readToken);
    await writeFileAtomic(secretsFile, `${JSON.stringify({ projects: { demo, traffic } }, null, 2)}\n`);
    await writeProjects(projectsFile, file);
    return { demo };
  }
  const demoProject = file.projects.find((project) => project.id === 'demo');
  const demo = known['demo'];
  if (demoProject === undefined || demo === undefined) return { demo: undefined };
  const allowed = demoProject.writeKeys[0]?.origins ?? [];
  if (demoOrigins.some((origin) => !allowed.includes(origin))) {
    await writeProjects(projectsFile, setOrigins(file, 'demo', demoOrigins));
  }
  return { demo };
}

async function readSecrets(file: string): Promise<Record<string, ProjectSecrets>> {
  try {
    return secretsFileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).projects;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw new StartError(
      `the secrets file ${file} is damaged; remove it together with the projects file to make new keys`,
    );
  }
}
