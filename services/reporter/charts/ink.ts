// Colours of drawings, as values of SVG attributes: a page sets the properties for light, dark and paper, and where nothing is
// set the light colours hold. Attributes, not style attributes, so that a strict content security policy lets them through.
export const INK = {
  text: 'var(--text, #16202c)',
  quiet: 'var(--quiet, #5c6876)',
  ground: 'var(--card, #ffffff)',
  grid: 'var(--line, #e3e6ea)',
  rail: 'var(--rail, #e6e9ed)',
  point: 'var(--accent, #0f766e)',
  band: 'var(--band, #7fc4bc)',
  open: 'var(--ignored, #a3adb8)',
  mark: 'var(--warn, #9a5b00)',
} as const;

/** A place on a drawing that is as wide as its cell: 12.5 is `12.5%`. */
export function across(percent: number): string {
  return `${Number(percent.toFixed(2))}%`;
}
