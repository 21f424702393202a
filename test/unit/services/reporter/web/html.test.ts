// Escaping.
import { expect, test } from 'vitest';
import { html } from '../../../../../services/reporter/web/html.js';

test('values are escaped, in text and in attributes', () => {
  const hostile = `<img src=x onerror="alert('1')">&`;
  expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</p>',
  );
});

test('templates nest unescaped, lists are joined, nothing stays nothing', () => {
  const items = ['<a>', 'b'].map((each) => html`<i>${each}</i>`);
  expect(html`<b>${items}${null}${undefined}${false}${0}</b>`.markup).toBe('<b><i>&lt;a&gt;</i><i>b</i>0</b>');
});
