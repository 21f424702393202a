// Reads the small part of Markdown that the answers use. Pure; half a text (while it is being written) is read as far as it goes.

export type Inline = { readonly kind: 'text' | 'bold' | 'code'; readonly text: string };
export type Block =
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

const BULLET = /^- (.*)$/;
const NUMBER = /^(\d+)\. (.*)$/;

export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.trim() === '') at += 1;
    else if (line.startsWith('```')) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith('```'));
      const body = lines.slice(at + 1, end === -1 ? lines.length : end);
      blocks.push({ kind: 'code', language: line.slice(3).trim(), text: body.join('\n') });
      at = end === -1 ? lines.length : end + 1;
    } else {
      const end = lines.findIndex((other, index) => index > at && (other.trim() === '' || other.startsWith('```')));
      const group = lines.slice(at, end === -1 ? lines.length : end);
      blocks.push(listOf(group) ?? { kind: 'paragraph', inlines: parseInlines(group.join('\n')) });
      at += group.length;
    }
  }
  return blocks;
}

/** A list when every line is an item of one kind. */
function listOf(lines: readonly string[]): Block | undefined {
  const bullets = lines.map((line) => BULLET.exec(line)?.[1]);
  if (bullets.every((item) => item !== undefined))
    return { kind: 'list', start: undefined, items: bullets.map(parseInlines) };
  const numbers = lines.map((line) => NUMBER.exec(line));
  if (!numbers.every((match) => match !== null)) return undefined;
  return {
    kind: 'list',
    start: Number(numbers[0]?.[1] ?? 1),
    items: numbers.map((match) => parseInlines(match[2] ?? '')),
  };
}

export function parseInlines(text: string): Inline[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (/^\*\*[^*]+\*\*$/.test(part)) return { kind: 'bold', text: part.slice(2, -2) };
      if (/^`[^`]+`$/.test(part)) return { kind: 'code', text: part.slice(1, -1) };
      return { kind: 'text', text: part };
    });
}
