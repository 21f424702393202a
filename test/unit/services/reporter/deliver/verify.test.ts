// What the README tells receivers to run: the snippet itself, against signatures that are made here.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { signatureOf } from '../../../../../services/reporter/deliver/signature.js';
import { RETRY_PAUSES_S } from '../../../../../services/reporter/deliver/retries.js';
import { projectRoot } from '../../../../../shared/runtime/project-root.js';

type Verify = (body: string | Buffer, header: string, secret: string, nowSeconds?: number) => boolean;

async function alertsSection(): Promise<string> {
  const readme = await readFile(path.join(projectRoot, 'README.md'), 'utf8');
  return /^## Alerts\n([^]*?)^## /m.exec(readme)?.[1] ?? '';
}

test('the snippet takes what is signed here, and nothing that is older, changed, or signed by others', async () => {
  const code = /^```js\n([^]*?)^```$/m.exec(await alertsSection())?.[1] ?? '';
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { isFromTacit: Verify };
  const { isFromTacit } = module;
  const [body, secret, t] = ['{"sentence":"−4.8 points"}', 'a secret of a test', 1_767_225_600];
  const header = signatureOf(body, secret, t);
  expect(isFromTacit(body, header, secret, t)).toBe(true);
  expect(isFromTacit(Buffer.from(body), header, secret, t + 300)).toBe(true);
  expect(isFromTacit(body, header, secret, t + 301)).toBe(false);
  expect(isFromTacit(body, header, secret)).toBe(false);
  expect(isFromTacit(`${body} `, header, secret, t)).toBe(false);
  expect(isFromTacit(body, header, 'another secret', t)).toBe(false);
  expect(isFromTacit(body, header.replace(`t=${t}`, `t=${t + 1}`), secret, t)).toBe(false);
  for (const bad of ['', 'v1=00', `t=${t},v1=00`, `${header},v1=00`])
    expect(isFromTacit(body, bad, secret, t)).toBe(false);
});

test('the pauses that the README names are those of the table', async () => {
  const section = (await alertsSection()).replace(/\s+/g, ' ');
  const minutes = RETRY_PAUSES_S.map((seconds) => seconds / 60);
  expect(minutes).toEqual([1, 2, 5, 10, 30, 60, 120, 240, 480]);
  expect(section).toContain('after 1, 2, 5, 10 and 30 minutes and 1, 2, 4 and 8 hours');
});
