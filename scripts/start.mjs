// npm start: installs and builds what is missing, then runs everything under one supervisor.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureBuilt, ensureInstalled, root } from './set-up.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
await import(pathToFileURL(path.join(root, 'dist', 'scripts', 'supervisor', 'main.js')).href);
