// CSV (RFC 4180). In: rows. Out: text. A field of text that a spreadsheet would take for a formula gets an apostrophe before it, since
// names come from whoever sends events.

export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const tame = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

/** A header and rows; `columns` are the keys of a row. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | null>>[],
): string {
  const lines = [columns.map(csvField), ...rows.map((row) => columns.map((name) => csvField(row[name] ?? null)))];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}
