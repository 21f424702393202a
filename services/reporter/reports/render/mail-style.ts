// Inline styles of a report by mail. Mail programs drop style sheets, so that each element says its own; those that keep them get
// dark colours by class. In: nothing. Out: attributes. Ground and text are always set together, and are neither black nor white,
// so that a program that turns colours round turns both.
import { Html } from '../../web/html.js';

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const STYLES = {
  body: `margin:0;padding:0;background:#f3f4f6;color:#1c2733;${FONT};font-size:15px;line-height:1.45;overflow-wrap:anywhere`,
  frame: 'max-width:640px;width:100%;margin:0 auto;border-collapse:collapse',
  card: 'padding:16px 18px;background:#fcfcfd;color:#1c2733;border:1px solid #dfe3e8',
  gap: 'height:12px;line-height:12px;font-size:1px',
  hidden: 'display:none;max-height:0;overflow:hidden;font-size:1px;color:#f3f4f6',
  title: 'margin:0;font-size:22px;line-height:1.25',
  section: 'margin:0 0 8px;font-size:17px;line-height:1.3',
  part: 'margin:14px 0 4px;font-size:14px',
  text: 'margin:0 0 8px',
  quiet: 'color:#55616e;font-size:13px',
  project: 'margin:0 0 2px;color:#55616e;font-size:13px',
  warn: 'margin:6px 0 0;color:#8a5200',
  table: 'width:100%;border-collapse:collapse;font-size:13px',
  lines: 'width:100%;border-collapse:collapse;font-size:15px',
  between: 'height:8px;line-height:8px;font-size:1px',
  caption: 'padding:8px 0 4px;text-align:left;font-weight:bold',
  head: 'padding:4px 8px 4px 0;color:#55616e;font-weight:normal;overflow-wrap:break-word',
  cell: 'padding:5px 8px 5px 0;border-top:1px solid #dfe3e8;overflow-wrap:break-word',
  name: 'padding:5px 8px 5px 0;border-top:1px solid #dfe3e8;font-weight:normal;min-width:44px',
  half: 'padding:0 8px 8px 0',
  line: 'padding:6px 0 6px 10px;border-left:4px solid #dfe3e8',
  bad: 'padding:6px 0 6px 10px;border-left:4px solid #b3362b',
  good: 'padding:6px 0 6px 10px;border-left:4px solid #0f766e',
  badWord: 'color:#b3362b;font-size:13px',
  goodWord: 'color:#0f766e;font-size:13px',
  link: 'color:#0f766e',
} as const;

type Part = keyof typeof STYLES;

/** Classes of what has other colours in the dark. */
const DARK: Readonly<Partial<Record<Part, readonly [name: string, style: string]>>> = {
  body: ['b', 'background:#0f141a!important;color:#e7ecf1!important'],
  card: ['c', 'background:#171e26!important;color:#e7ecf1!important;border-color:#28313c!important'],
  quiet: ['q', 'color:#98a4b1!important'],
  head: ['q', ''],
  project: ['q', ''],
  warn: ['w', 'color:#e0b060!important'],
  badWord: ['x', 'color:#f08b7f!important'],
  goodWord: ['g', 'color:#4fc3b5!important'],
  link: ['g', ''],
  cell: ['l', 'border-color:#28313c!important'],
  name: ['l', ''],
  line: ['l', ''],
};

/** Attributes of an element. */
export function as(part: Part): Html {
  const dark = DARK[part];
  return new Html(`${dark === undefined ? '' : `class="${dark[0]}" `}style="${STYLES[part].replaceAll('"', "'")}"`);
}

/** Grounds of the pieces of a bar: their class, their colour, and the one in the dark. */
const BAR = {
  rail: ['r', '#dde1e6', '#2a333e'],
  band: ['d', '#7fc4bc', '#2b6f68'],
  point: ['p', '#0f766e', '#4fc3b5'],
} as const;
export type BarPart = keyof typeof BAR;

/** Attributes of a piece of a bar. */
export function barGround(part: BarPart): Html {
  const [name, colour] = BAR[part];
  return new Html(`class="${name}" bgcolor="${colour}"`);
}

const DARK_RULES = [
  ...Object.values(DARK).filter(([, style]) => style !== ''),
  ...Object.values(BAR).map(([name, , dark]) => [name, `background:${dark}!important`] as const),
]
  .map(([name, style]) => `.${name}{${style}}`)
  .join('');

/** For the programs that keep it. */
export const MAIL_STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){${DARK_RULES}}`;
