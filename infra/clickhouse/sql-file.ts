// Reads a file of SQL: puts in its macros and cuts it into statements.
// In: the text, values of its macros ({{name}}). Out: statements without their semicolons. Must never guess: an unknown macro is an error.

/** Fills in `{{name}}`. Throws for a name that has no value. */
export function fillMacros(text: string, macros: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = macros[name];
    if (value === undefined) throw new Error(`no value for the macro {{${name}}}`);
    return value;
  });
}

/** Cuts at semicolons that stand outside quotes and comments. Statements of nothing but comments are left out. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let from = 0;
  let empty = true;
  let at = 0;
  const cut = (to: number) => {
    if (!empty) statements.push(text.slice(from, to).trim());
    from = to + 1;
    empty = true;
  };
  while (at < text.length) {
    const skipped = skipComment(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const char = text.charAt(at);
    if (char === ';') cut(at);
    else if (!/\s/.test(char)) empty = false;
    at = char === "'" || char === '"' || char === '`' ? skipQuoted(text, at) : at + 1;
  }
  cut(text.length);
  return statements;
}

/** Where the comment that starts here ends; the same place when none starts here. */
function skipComment(text: string, at: number): number {
  const end = text.startsWith('--', at) ? '\n' : text.startsWith('/*', at) ? '*/' : undefined;
  if (end === undefined) return at;
  const found = text.indexOf(end, at + 2);
  return found < 0 ? text.length : found + end.length;
}

/** Where the quoted text that starts here ends. A quote inside is doubled or stands behind a backslash. */
function skipQuoted(text: string, at: number): number {
  const quote = text.charAt(at);
  let next = at + 1;
  while (next < text.length) {
    if (text.charAt(next) === '\\') next += 2;
    else if (text.charAt(next) !== quote) next += 1;
    else if (text.charAt(next + 1) === quote) next += 2;
    else return next + 1;
  }
  throw new Error('a quote is not closed');
}
