// Keeps a page fresh: asks for newer pieces every few seconds and lets ages grow in between. Runs in the browser.
// In: the page's own address. Out: replaced pieces, with what was opened still open, and never one in which the reader is.
// Without it the page still reads; it must never throw into it.
(() => {
  const REFRESH_MS = 3000;
  const REFRESH_MS_MAX = 30000;
  const main = document.querySelector('main[data-now]');
  if (main === null) return;
  const form = document.querySelector('form.filters:not(.days)');
  // ages are told by the server's clock, whatever this machine's says
  let ahead = Number(main.getAttribute('data-now')) - Date.now();
  let pause = REFRESH_MS;
  let shown = {};

  document.documentElement.classList.add('live');
  // a page that the browser kept for going back is old, and its form is as it was sent
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  form?.addEventListener('change', (event) => {
    // another project has other prompts and models
    if (event.target?.name === 'project')
      for (const name of ['prompt', 'model']) if (form.elements[name]) form.elements[name].disabled = true;
    for (const field of form.elements) if (field.value === '') field.disabled = true;
    form.submit();
  });

  function words(ageMs) {
    const seconds = Math.max(0, Math.floor(ageMs / 1000));
    if (seconds < 90) return `${seconds} s ago`;
    if (seconds < 90 * 60) return `${Math.floor(seconds / 60)} min ago`;
    if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
    return `${Math.floor(seconds / 86400)} days ago`;
  }

  function tellAges() {
    for (const element of document.querySelectorAll('[data-at]')) {
      const told = words(Date.now() + ahead - Number(element.getAttribute('data-at')));
      if (element.textContent !== told) element.textContent = told;
    }
  }

  /** Puts a newer piece in place, unless somebody is in it: what has the focus stays, and comes with a later look. */
  function put(id, markup) {
    const element = document.getElementById(id);
    if (element === null) return true;
    if (element.contains(document.activeElement) || !isCollapsed(element)) return false;
    const open = [...element.querySelectorAll('details[open][id]')].map((details) => details.id);
    element.innerHTML = markup;
    for (const each of open) document.getElementById(each)?.setAttribute('open', '');
    return true;
  }

  /** Whether nothing in the element is selected. */
  function isCollapsed(element) {
    const selection = document.getSelection();
    return selection === null || selection.isCollapsed || !selection.containsNode(element, true);
  }

  async function refresh() {
    const query = new URLSearchParams(location.search);
    query.set('page', main.getAttribute('data-page') ?? '/');
    const answer = await fetch(`/api/live?${query}`, { headers: { accept: 'application/json' } });
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const { now, pieces } = await answer.json();
    ahead = now - Date.now();
    for (const [id, markup] of Object.entries(pieces)) {
      if (shown[id] !== markup && put(id, markup)) shown[id] = markup;
    }
  }

  async function tick() {
    if (!document.hidden) {
      try {
        await refresh();
        pause = REFRESH_MS;
        main.classList.remove('lost');
      } catch {
        pause = Math.min(REFRESH_MS_MAX, pause * 2);
        main.classList.add('lost');
      }
    }
    setTimeout(() => void tick(), pause);
  }

  setInterval(tellAges, 1000);
  if (!main.hasAttribute('data-live')) return;
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void refresh().catch(() => main.classList.add('lost'));
  });
  setTimeout(() => void tick(), REFRESH_MS);
})();
