// What a look knows of a project. Type only.
import type { Project } from '../../../shared/contract/projects.js';

export type ComparedProject = Pick<Project, 'id' | 'settings' | 'surfaces' | 'comparisons'>;
