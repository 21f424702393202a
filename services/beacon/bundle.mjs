// Bundles the beacon into services/beacon/dist: the script (v1.js), the module (v1.mjs), both again under names that
// carry their hash, the server's module (server.js), types, and manifest.json with integrity and sizes.
// Fails when the script has grown past its cap: a beacon is paid for by every visitor of somebody else's page.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

/** Largest script, bytes after brotli. */
const SCRIPT_BYTES_MAX = 6000;

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(folder, '..', '..');
const out = path.join(folder, 'dist');

/**
 * Properties that only the beacon's own parts know each other by; they get short names. None of them is a name of the
 * browser, of the wire, of a stored event or of a page's calls.
 */
const INTERNAL =
  /^(firstVisible|visibleSince|acted|failingSince|closedUntil|countMax|isSaved|keepIn|purge|retryNow|ensure|roots|placed|superseded|keeps|decide|unexplained|report|record|registry|reader|own|retryAfterMs|reopen|act|leave)$/;

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

/** Bundles one file for browsers; answers its bytes. */
async function bundleForBrowser(entry, options) {
  const text = await bundle(entry, { platform: 'browser', target: ['es2022'], ...options });
  const { code } = await minify(text, {
    ecma: 2020,
    module: options.format === 'esm',
    // Without inlining the text repeats itself more, which compresses better.
    compress: { passes: 3, unsafe_arrows: true, pure_getters: true, inline: 0 },
    mangle: { properties: { regex: INTERNAL } },
    nameCache,
  });
  // Both words mean the same to compiled code; one of them compresses better.
  return Buffer.from(code.replace(/\bconst\b/g, 'let'));
}

function hashOf(contents) {
  return createHash('sha256').update(contents).digest('hex').slice(0, 16);
}

const written = new Set(['types']);

/** Replaces one file at once: a collector that starts meanwhile reads the old or the new one. */
function put(name, contents) {
  written.add(name);
  writeFileSync(path.join(out, `${name}.new`), contents);
  renameSync(path.join(out, `${name}.new`), path.join(out, name));
}

/** Writes a file under both its names; answers its line of the manifest. */
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

// The part that is loaded later has one name only, with its hash: the others have it written in.
const reader = await bundleForBrowser('web/reader.ts', { format: 'esm' });
const readerFile = `v1.reader-${hashOf(reader)}.mjs`;
const script = await bundleForBrowser('web/script.ts', {
  format: 'iife',
  define: { READER_FILE: JSON.stringify(readerFile) },
});
const module = await bundleForBrowser('web/index.ts', {
  format: 'esm',
  plugins: [
    {
      name: 'reader',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/reader\.js$/ }, ({ kind }) =>
          kind === 'dynamic-import' ? { path: `./${readerFile}`, external: true } : undefined,
        ),
    },
  ],
});

const manifest = {
  'v1.js': publish('v1.js', script, `v1.${hashOf(script)}.js`),
  'v1.mjs': publish('v1.mjs', module, `v1.${hashOf(module)}.mjs`),
  [readerFile]: publish(readerFile, reader, readerFile),
};
put('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);

if (existsSync(path.join(folder, 'server.ts'))) {
  const server = await bundle('server.ts', { platform: 'node', target: ['node20'], format: 'esm' });
  put('server.js', server);
}

for (const name of readdirSync(out)) if (!written.has(name)) rmSync(path.join(out, name), { recursive: true });

// The compiler has written the declarations already; they come along as they are.
const types = path.join(root, 'dist', 'services', 'beacon');
for (const [from, to] of [
  ['web', path.join('types', 'web')],
  ['.', 'types'],
]) {
  const source = path.join(types, from);
  if (!existsSync(source)) continue;
  mkdirSync(path.join(out, to), { recursive: true });
  for (const name of readdirSync(source))
    if (name.endsWith('.d.ts')) cpSync(path.join(source, name), path.join(out, to, name));
}

for (const [name, { bytes, gzipBytes, brotliBytes }] of Object.entries(manifest))
  process.stdout.write(`beacon ${name}: ${bytes} bytes, ${gzipBytes} gzip, ${brotliBytes} brotli\n`);
if (manifest['v1.js'].brotliBytes > SCRIPT_BYTES_MAX) {
  process.stderr.write(`v1.js is larger than ${SCRIPT_BYTES_MAX} bytes after brotli\n`);
  process.exit(1);
}
if (readFileSync(path.join(out, 'v1.js'), 'utf8').includes('ZodError')) {
  process.stderr.write('v1.js contains zod: a module of shared/contract that the beacon imports is not pure\n');
  process.exit(1);
}
