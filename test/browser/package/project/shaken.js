// Bundles small uses of the package and prints how long each came out, and whether the beacon is in it.
import { build } from 'vite';

const USES = {
  type: `const state: import('tacit').Consent = 'denied'; console.log(state)`,
  unused: `import { tacit } from 'tacit'; import { useGeneration } from 'tacit/react'; console.log('nothing')`,
  element: `import { Generation } from 'tacit/react'; console.log(Generation)`,
  adapter: `import { codemirror } from 'tacit/codemirror'; console.log(codemirror)`,
  whole: `import { tacit } from 'tacit'; console.log(tacit)`,
};
const found = {};
for (const [name, code] of Object.entries(USES)) {
  const use = {
    name: 'use',
    resolveId: (id) => (id === 'use.ts' ? id : null),
    load: (id) => (id === 'use.ts' ? code : null),
  };
  const { output } = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [use],
    build: { write: false, rollupOptions: { input: 'use.ts', external: ['react'] } },
  });
  const text = output.map((chunk) => chunk.code ?? '').join('\n');
  found[name] = { chars: text.length, beacon: /indexedDB|sendBeacon|MutationObserver/.test(text) };
}
process.stdout.write(`${JSON.stringify(found)}\n`);
