// Renders on a server and prints what came out, and which globals the package left behind there.
import { createElement, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';

const before = Object.getOwnPropertyNames(globalThis);
const { tacit } = await import('tacit');
const { Generation, useGeneration } = await import('tacit/react');
await import('tacit/script').catch((error) => process.stdout.write(`${error}\n`));

function Card() {
  const { props, reject } = useGeneration('g2', { promptId: 'card' });
  return createElement('div', { ...props, onClick: () => reject() }, 'Second');
}

const html = renderToString(
  createElement(
    StrictMode,
    null,
    createElement(Generation, { id: 'g1', token: 't1.a.b', as: 'article', className: 'text' }, 'First'),
    createElement(Card),
  ),
);
tacit.init({ key: 'pk_x', endpoint: 'http://127.0.0.1:9' });
tacit.reject('g1');
await tacit.flush();
const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
process.stdout.write(`${JSON.stringify({ html, id: tacit.generation('g3'), stats: tacit.stats(), added })}\n`);
