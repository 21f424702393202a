// Routes below `/reports`: stored reports as documents. In: a read token and an address. Out: HTML, Markdown, JSON.
import { Router } from 'express';
import type { AppDependencies } from '../app-dependencies.js';

export function archiveRoutes(_dependencies: AppDependencies): Router {
  return Router();
}
