// How the debug overlay looks, in light and dark. Adopted by its shadow root: a strict Content-Security-Policy refuses
// style elements and attributes, not this. Must never reach the page's own elements.

/** Only the panel takes clicks; the rest of the page stays as reachable as it was. */
export const DEBUG_STYLE = `
:host { all: initial; color-scheme: light dark; position: fixed; inset: 0; z-index: 2147483647; pointer-events: none;
  --ink: #1b1f24; --soft: #57606a; --paper: #ffffffee; --line: #8c959f; --mark: #0969da; --bad: #b4231a; --good: #1a7f37; }
@media (prefers-color-scheme: dark) {
  :host { --ink: #e6edf3; --soft: #9aa4af; --paper: #0d1117ee; --line: #57606a; --mark: #58a6ff; --bad: #ff8a80; --good: #56d364; }
}
* { box-sizing: border-box; }
section { position: absolute; width: min(24rem, calc(100vw - 1.5rem)); max-height: 60vh; display: flex; flex-direction: column;
  font: 12px/1.45 ui-monospace, Menlo, Consolas, monospace; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px; pointer-events: auto; }
section[data-corner='0'] { right: .75rem; bottom: .75rem; }
section[data-corner='1'] { left: .75rem; bottom: .75rem; }
section[data-corner='2'] { left: .75rem; top: .75rem; }
section[data-corner='3'] { right: .75rem; top: .75rem; }
button { font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; padding: .25rem .5rem; text-align: start; cursor: pointer; }
button:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
header { display: flex; justify-content: space-between; }
header button:first-child { flex: 1; font-weight: 600; }
[hidden] { display: none !important; }
#body { overflow: auto; border-top: 1px solid var(--line); overscroll-behavior: contain; }
dl { margin: 0; padding: .4rem .5rem; display: grid; grid-template-columns: auto 1fr; gap: .1rem .6rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
#body > ul > li { border-top: 1px solid var(--line); padding: .2rem 0; }
li button { width: 100%; }
li ul { padding: 0 .5rem 0 1.1rem; }
li li { overflow-wrap: anywhere; }
.soft { color: var(--soft); }
p { margin: 0; padding: .25rem .5rem; color: var(--soft); border-top: 1px solid var(--line); }
[data-fate=sent] { color: var(--good); }
[data-fate=dropped], [data-fate=erased] { color: var(--bad); }
#mark { position: absolute; border: 2px solid var(--mark); border-radius: 3px; }
`;
