// Runs one built entry: node scripts/run.mjs services/sink/main [arguments]. Installs and builds first what is missing.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureBuilt, ensureInstalled, root } from './set-up.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
const file = path.join(root, 'dist', `${process.argv[2] ?? ''}.js`);
process.argv.splice(1, 2, file);
await import(pathToFileURL(file).href);
