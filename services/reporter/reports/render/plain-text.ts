// Text that was sent by others, fit to print: one line, no control characters, no characters that turn the direction of what
// follows, no halves of characters. In: anything. Out: text without such, otherwise the same. Must never change a letter.

export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .trim();
}

/** At most `max` characters, the last an ellipsis when something was cut. */
export function cutText(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max
    ? text
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** Without the spaces with which templates set in their lines; no line becomes longer. In and out: markup or a style sheet. */
export function compact(markup: string): string {
  return markup.replace(/ *\n\s*/g, '\n');
}

/** A number and its percent sign on one line. In and out: markup or text. */
export function unbroken(markup: string): string {
  return markup.replace(/(\d) %/g, '$1\u00A0%');
}

/** The same thing with every text in it made plain. */
export function plainTexts<T>(value: T): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (Array.isArray(value)) return value.map(plainTexts) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainTexts(each)])) as T;
}
