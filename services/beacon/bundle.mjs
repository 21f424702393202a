// Bundles the beacon into services/beacon/dist: the script (v1.js), the module (v1.mjs), the parts they load later, the
// adapters, the server's module (server.js), types, and manifest.json with integrity and sizes.
// Fails when a file has grown past its cap: a beacon is paid for by every visitor of somebody else's page.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

/** Largest script, bytes after brotli. */
const SCRIPT_BYTES_MAX = 5000;

/** Largest adapter of an editor or a framework, bytes after brotli. */
const ADAPTER_BYTES_MAX = 600;

/**
 * What a page can load, in the order it is built. `later` is the name of a part that the others load: it has one file
 * name only, with its hash, which they have written in. `outer` is a module that knows the beacon by its public calls
 * alone; it imports v1.mjs and the host's packages as they are.
 */
const OUTPUTS = [
  { later: 'reader', entry: 'web/reader.ts' },
  { later: 'debug', entry: 'web/debug.ts' },
  { file: 'v1.js', entry: 'web/script.ts', bytesMax: SCRIPT_BYTES_MAX },
  { file: 'v1.mjs', entry: 'web/index.ts' },
  { file: 'react.mjs', entry: 'web/react.ts', outer: true, bytesMax: ADAPTER_BYTES_MAX },
  { file: 'adapters/codemirror.mjs', entry: 'web/adapters/codemirror.ts', outer: true, bytesMax: ADAPTER_BYTES_MAX },
  { file: 'adapters/prosemirror.mjs', entry: 'web/adapters/prosemirror.ts', outer: true, bytesMax: ADAPTER_BYTES_MAX },
  { file: 'adapters/monaco.mjs', entry: 'web/adapters/monaco.ts', outer: true, bytesMax: ADAPTER_BYTES_MAX },
];

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(folder, '..', '..');
const out = path.join(folder, 'dist');

/**
 * Properties that only the beacon's own parts know each other by; they get short names. None of them is a name of the
 * browser, of the wire, of a stored event or of a page's calls.
 */
const INTERNAL =
  /^(firstVisible|visibleSince|acted|settled|cause|born|watch|wake|control|queue|identity|failingSince|closedUntil|countMax|isKept|isSaved|keepIn|purge|retryNow|ensure|roots|placed|superseded|keeps|decide|report|record|registry|reader|own|retryAfterMs|reopen|act|leave|copied|taken|selectionOf|trees|each|place|hintId|renew|ignored|tracker|sender|finish|settle|replaced|copies)$/;

/** The same short names in all files, which call each other. */
const nameCache = {};

async function bundle(entry, options) {
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, entry)],
    bundle: true,
    write: false,
    charset: 'utf8',
    absWorkingDir: root,
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].text;
}

/** Files of the parts that are loaded later, by name. */
const laterFiles = {};

/** Leaves to the browser what another file has: a part that is loaded later, or the module itself. */
const otherFiles = {
  name: 'other-files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path: wanted, kind, importer }) => {
      const file = laterFiles[path.basename(wanted, '.js')];
      if (kind === 'dynamic-import' && file) return { path: `./${file}`, external: true };
      const up = path.dirname(importer) === path.join(folder, 'web') ? './' : '../';
      return wanted === `${up}index.js` ? { path: `${up}v1.mjs`, external: true } : undefined;
    });
  },
};

/** Bundles one file for browsers; answers its bytes. */
async function bundleForBrowser({ file, entry, outer }) {
  const format = file === 'v1.js' ? 'iife' : 'esm';
  const text = await bundle(entry, {
    platform: 'browser',
    target: ['es2022'],
    format,
    packages: 'external',
    plugins: [otherFiles],
    define: Object.fromEntries(
      Object.entries(laterFiles).map(([name, file]) => [`${name.toUpperCase()}_FILE`, JSON.stringify(file)]),
    ),
  });
  // Both words mean the same to checked code. One word alone lets declarations be joined, and compresses better.
  const { code } = await minify(text.replace(/^"use strict";/, '').replace(/\bconst\b/g, 'let'), {
    ecma: 2020,
    module: format === 'esm',
    // Without inlining the text repeats itself more, which compresses better.
    compress: { passes: 3, directives: !outer, unsafe_arrows: true, pure_getters: true, inline: 0, hoist_funs: true },
    mangle: outer ? true : { properties: { regex: INTERNAL } },
    nameCache: outer ? undefined : nameCache,
  });
  return Buffer.from(code);
}

function hashOf(contents) {
  return createHash('sha256').update(contents).digest('hex').slice(0, 16);
}

const written = new Set();

/** Replaces one file at once: a collector that starts meanwhile reads the old or the new one. */
function put(name, contents) {
  written.add(name).add(path.dirname(name));
  mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  writeFileSync(path.join(out, `${name}.new`), contents);
  renameSync(path.join(out, `${name}.new`), path.join(out, name));
}

/** Writes a file under its names; answers its line of the manifest. */
function publish(name, contents, immutable) {
  put(name, contents);
  put(immutable, contents);
  return {
    immutable,
    integrity: `sha384-${createHash('sha384').update(contents).digest('base64')}`,
    bytes: contents.length,
    gzipBytes: gzipSync(contents, { level: 9 }).length,
    brotliBytes: brotliCompressSync(contents, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
      },
    }).length,
  };
}

mkdirSync(out, { recursive: true });

const manifest = {};
const failures = [];
for (const output of OUTPUTS) {
  const contents = await bundleForBrowser(output);
  const [, stem, extension] = /([^/]*?)(\.m?js)$/.exec(output.file ?? `v1.${output.later}.mjs`);
  const hashed = `${stem.startsWith('v1') ? stem : `v1.${stem}`}${stem === 'v1' ? '.' : '-'}${hashOf(contents)}${extension}`;
  // What imports a package of the host can be loaded by a bundler only, which gives names of its own.
  const immutable = /\bfrom"[^."]/.test(contents.toString()) ? output.file : hashed;
  const file = output.file ?? immutable;
  if (output.later) laterFiles[output.later] = file;
  const line = (manifest[file] = publish(file, contents, immutable));
  process.stdout.write(`beacon ${file}: ${line.bytes} bytes, ${line.gzipBytes} gzip, ${line.brotliBytes} brotli\n`);
  if (line.brotliBytes > output.bytesMax) failures.push(`${file} is larger than ${output.bytesMax} bytes after brotli`);
  if (contents.includes('ZodError'))
    failures.push(`${file} contains zod: a module of shared/contract that the beacon imports is not pure`);
}
put('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);

if (existsSync(path.join(folder, 'server.ts'))) {
  const server = await bundle('server.ts', { platform: 'node', target: ['node20'], format: 'esm' });
  put('server.js', server);
}

/** Publishes the declarations of a module as the compiler has written them, and those that they mention. */
function putTypes(name) {
  const source = path.join(root, 'dist', 'services', 'beacon', name);
  if (written.has(`types/${name}`) || !existsSync(source)) return;
  const text = readFileSync(source, 'utf8');
  put(`types/${name}`, text);
  for (const [, wanted] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g))
    putTypes(path.posix.join(path.posix.dirname(name), `${wanted}.d.ts`));
}

for (const { entry } of [...OUTPUTS.filter(({ later }) => !later), { entry: 'server.ts' }])
  putTypes(entry.replace(/\.ts$/, '.d.ts'));

for (const name of readdirSync(out, { recursive: true }))
  if (!written.has(name)) rmSync(path.join(out, name), { recursive: true, force: true });

const { immutable, integrity } = manifest['v1.js'];
process.stdout.write(
  `beacon tag: <script async src=".../tacit/${immutable}" integrity="${integrity}" crossorigin="anonymous" ...>\n`,
);
for (const failure of failures) process.stderr.write(`${failure}\n`);
if (failures.length) process.exit(1);
