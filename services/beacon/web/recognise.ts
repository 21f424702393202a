// Copies that no selection explains: copy buttons, hidden fields, editors that set the data themselves. In: what was
// written, and what the person did just before. Out: copies of the generation whose text it is, or of none.
import type { Attribution, Known } from './attribution.js';
import { attribute } from './attribution.js';
import { watchClipboard } from './clipboard.js';
import type { Cause, Copies } from './copy.js';
import { isField, originOf } from './dom.js';
import { guard } from './guard.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';

export interface Recognition {
  /** A copy event, and what is selected of each generation. Answers whether it reports the copy itself. */
  copied(event: ClipboardEvent, cause: Cause, found: Attribution[]): boolean;
  stop(): void;
}

async function textOf(items: ClipboardItem[]): Promise<string> {
  const item = items.find(({ types }) => types.includes('text/plain'));
  return item ? await (await item.getType('text/plain')).text() : '';
}

export function watchWritten(registry: Registry, listen: Listen, copies: Copies, known: Known): Recognition {
  const undo: (() => void)[] = [];
  const read = guard((text: string, { method, control }: Cause, own: boolean) => {
    if (text) copies.report(attribute(text, control, registry, known, own), method === 'menu' ? 'button' : method);
  });

  listen.each((target) =>
    undo.push(
      watchClipboard(target, copies.cause, async (data, cause) => {
        read(typeof data === 'string' ? data : await textOf(data), cause, false);
      }),
    ),
  );

  return {
    copied(event, cause, found) {
      const origin = originOf(event);
      const data = event.clipboardData;
      // A button that copies by way of a hidden field or node.
      if (!found.length && cause.method === 'button')
        read(isField(origin) ? origin.value : String((origin as Node).ownerDocument?.getSelection()), cause, false);
      // What is selected in an editor may be more than what it has put into the document.
      const waits = found.some(({ generation }) => known(generation).length);
      if (!data || (found.length && !waits)) return false;
      let told = false;
      const setData = data.setData.bind(data);
      data.setData = (format, text) => {
        setData(format, text);
        if (!/^text(\/plain)?$/i.test(format)) return;
        told = true;
        read(text, { control: origin, ...cause }, !cause.control);
      };
      if (waits) setTimeout(() => told || found.forEach((part) => copies.report(part, cause.method)));
      return waits;
    },
    stop: () => undo.forEach((run) => run()),
  };
}
