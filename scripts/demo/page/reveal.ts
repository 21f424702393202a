// Shows a text as if a model were writing it: a few words at a time, in about two seconds however long it is. An address
// that ends in `?slow` makes it ten times slower, for those who want to watch or to stop it.

const TICK_MS = 40;
const SLOW_TICK_MS = 400;
const STEPS_MAX = 50;

/**
 * Calls `show` with growing beginnings of the text and resolves, with what stands there, after the whole of it was shown or
 * it was stopped; at once for those who want no motion.
 */
export async function reveal(text: string, show: (soFar: string) => void, stopped: AbortSignal): Promise<string> {
  const words = text.match(/\s*\S+/g) ?? [];
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const tickMs = new URLSearchParams(location.search).has('slow') ? SLOW_TICK_MS : TICK_MS;
  const step = still ? words.length : Math.max(2, Math.ceil(words.length / STEPS_MAX));
  for (let at = step; at < words.length; at += step) {
    const soFar = words.slice(0, at).join('');
    show(soFar);
    await new Promise((resolve) => setTimeout(resolve, tickMs));
    if (stopped.aborted) return soFar;
  }
  show(text);
  return text;
}
