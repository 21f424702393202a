// The rules of the source tree, enforced: who may import whom, where each library lives, sizes, headers, exact versions.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../shared/runtime/project-root.js';

const FILE_LINES_MAX = 220;
const FUNCTION_LINES_MAX = 70;

/** Files that are longer for a reason that their header gives. */
const LONGER: readonly string[] = [];

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: projectRoot,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');
const sources = tracked.filter((file) => /\.(ts|mjs|cjs|js)$/.test(file) && !file.endsWith('.d.ts'));
const product = sources.filter((file) => !file.startsWith('test/') && !file.startsWith('.config/'));
const text = new Map(sources.map((file) => [file, readFileSync(path.join(projectRoot, file), 'utf8')]));

function read(file: string): string {
  return text.get(file) ?? '';
}

/** What a file imports: project files as paths from the root, packages by name. */
function importsOf(file: string): string[] {
  const found = read(file).matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|require\(\s*['"]([^'"]+)['"]\s*\)/g,
  );
  return [...found].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? '';
    if (!target.startsWith('.')) return target;
    const resolved = path.posix.join(path.posix.dirname(file), target);
    return resolved.endsWith('.js') && text.has(`${resolved.slice(0, -3)}.ts`)
      ? `${resolved.slice(0, -3)}.ts`
      : resolved;
  });
}

const edges = new Map(sources.map((file) => [file, importsOf(file)]));

function offenders(files: readonly string[], bad: (file: string, target: string) => boolean): string[] {
  return files.flatMap((file) =>
    (edges.get(file) ?? []).filter((target) => bad(file, target)).map((target) => `${file} -> ${target}`),
  );
}

test('a service imports no other service', () => {
  const service = (file: string) => /^services\/([^/]+)\//.exec(file)?.[1];
  expect(
    offenders(product, (file, target) => {
      const [from, to] = [service(file), service(target)];
      return from !== undefined && to !== undefined && from !== to;
    }),
  ).toEqual([]);
});

test('shared imports no service and no script, and the contract imports nothing but zod and itself', () => {
  expect(
    offenders(product, (file, target) => file.startsWith('shared/') && /^(services|scripts|test)\//.test(target)),
  ).toEqual([]);
  expect(
    offenders(
      product,
      (file, target) =>
        file.startsWith('shared/contract/') && target !== 'zod' && !target.startsWith('shared/contract/'),
    ),
  ).toEqual([]);
});

test('services, shared and infra import no script and no test', () => {
  expect(
    offenders(product, (file, target) => /^(services|shared|infra)\//.test(file) && /^(scripts|test)\//.test(target)),
  ).toEqual([]);
});

test('each infrastructure library has one home', () => {
  const homes: Record<string, RegExp> = {
    '@clickhouse/client': /^shared\/runtime\/clickhouse\.ts$/,
    kafkajs: /^shared\/runtime\/kafka\//,
    express: /^services\/(collector|reporter)\//,
    'node-cron': /^services\/reporter\/schedule\.ts$/,
    nodemailer: /^services\/reporter\/deliver\/mail\.ts$/,
    'cron-parser': /^services\/reporter\/reports\/slots\.ts$/,
    'd3-scale': /^services\/reporter\/charts\//,
    'd3-shape': /^services\/reporter\/charts\//,
    pino: /^shared\/runtime\/log\.ts$/,
    'prom-client': /^shared\/runtime\/metrics\.ts$/,
    'ffi-rs': /^infra\/local\/child\.cjs$/,
    esbuild: /^services\/beacon\/bundle\.mjs$/,
  };
  expect(offenders(product, (file, target) => homes[target] !== undefined && !homes[target].test(file))).toEqual([]);
});

test('no file imports itself through others', () => {
  const cycles: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const target of edges.get(file) ?? []) if (text.has(target)) visit(target, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

test('only entry points read the environment', () => {
  const entry =
    /(^|\/)main\.(ts|mjs)$|^scripts\/[^/]+\.(ts|mjs)$|^infra\/local\/child\.cjs$|^services\/beacon\/bundle\.mjs$/;
  expect(product.filter((file) => !entry.test(file) && /process\.env\b/.test(read(file)))).toEqual([]);
});

test('there are no barrels and no default exports', () => {
  expect(product.filter((file) => /^export \* from/m.test(read(file)))).toEqual([]);
  expect(product.filter((file) => /^export default/m.test(read(file)))).toEqual([]);
});

test('every source file begins with a comment that says what it is', () => {
  expect(sources.filter((file) => !/^(#!.*\n)?(\/\/|\/\*\*?)\s*\S/.test(read(file)))).toEqual([]);
});

test('files and functions stay short', () => {
  const long = product.filter((file) => read(file).split('\n').length > FILE_LINES_MAX && !LONGER.includes(file));
  expect(long).toEqual([]);
  expect(product.flatMap(longFunctions)).toEqual([]);
});

/** Functions that begin at the start of a line (or one level in, for methods) and end at a brace of the same indent. */
function longFunctions(file: string): string[] {
  const lines = read(file).split('\n');
  return lines.flatMap((line, start) => {
    const head =
      /^(\s{0,2})(?:export )?(?:async )?(?:function\b|(?:private |public |protected |static |override |async )*[A-Za-z_$#]+\([^;]*\{$|const \w+ = (?:async )?\()/.exec(
        line,
      );
    if (head === null || !line.trimEnd().endsWith('{') || /^\s*(if|for|while|switch|test|describe|it)\b/.test(line))
      return [];
    const end = lines.findIndex((later, index) => index > start && later.startsWith(`${head[1] ?? ''}}`));
    return end - start > FUNCTION_LINES_MAX ? [`${file}:${start + 1} has ${end - start} lines`] : [];
  });
}

test('names say what a file holds', () => {
  expect(sources.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types)(\.|\/)/.test(file))).toEqual([]);
  expect(sources.filter((file) => !/^[a-z0-9.-]+$/.test(path.posix.basename(file)))).toEqual([]);
});

test('the top level holds only what belongs there', () => {
  const allowed = new Set([
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'services',
    'shared',
    'infra',
    'scripts',
    'test',
    'README.md',
    'LICENSE',
  ]);
  const top = new Set(tracked.map((file) => file.split('/')[0] ?? ''));
  expect([...top].filter((name) => !name.startsWith('.') && !allowed.has(name))).toEqual([]);
});

test('dependencies are few and exact', () => {
  interface Manifest {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  }
  const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as Manifest;
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version))).toEqual([]);
  expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(19);
});

test('no type and no lint rule is switched off in silence, and no test is narrowed', () => {
  expect(
    sources.filter(
      (file) =>
        file !== 'test/tidy.test.ts' &&
        /@ts-(ignore|nocheck)|: any\b|\bas any\b|\b(it|test|describe)\.(only|skip|todo)\b/.test(read(file)),
    ),
  ).toEqual([]);
});
