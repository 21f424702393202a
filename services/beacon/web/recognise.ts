// Copies that no selection explains: copy buttons, hidden fields, editors that set the data themselves. In: what was
// written, and what the person did just before. Out: copies of the generation whose text it is, or of none.
import { attribute } from './attribution.js';
import { watchClipboard } from './clipboard.js';
import type { Cause, Copies } from './copy.js';
import { isField, originOf } from './dom.js';
import { guard } from './guard.js';
import type { Registry } from './registry.js';

export interface Recognition {
  /** A copy event that touches no generation's selection. */
  unexplained(event: ClipboardEvent, cause: Cause): void;
  stop(): void;
}

async function textOf(items: ClipboardItem[]): Promise<string> {
  const item = items.find(({ types }) => types.includes('text/plain'));
  return item ? await (await item.getType('text/plain')).text() : '';
}

export function watchWritten(registry: Registry, copies: Copies): Recognition {
  const read = guard((text: string, { method, control }: Cause) => {
    if (text) copies.report(attribute(text, control, registry), method === 'menu' ? 'button' : method);
  });

  return {
    unexplained(event, cause) {
      const origin = originOf(event);
      // A button that copies by way of a hidden field or node.
      if (cause.method === 'button') read(isField(origin) ? origin.value : String(getSelection()), cause);
      const data = event.clipboardData;
      if (!data) return;
      // An editor without a selection in the document says what it copies.
      const setData = data.setData.bind(data);
      data.setData = (format, text) => {
        setData(format, text);
        if (/^text(\/plain)?$/i.test(format)) read(text, { control: origin, ...cause });
      };
    },
    stop: watchClipboard(copies.cause, async (data, cause) => {
      read(typeof data === 'string' ? data : await textOf(data), cause);
    }),
  };
}
