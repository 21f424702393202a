// Shows a text as if a model were writing it: a few words at a time, in about two seconds however long it is.

const TICK_MS = 40;
const STEPS_MAX = 50;

/** Calls `show` with growing beginnings of the text and resolves after the whole of it was shown; at once for those who want no motion. */
export async function reveal(text: string, show: (soFar: string) => void): Promise<void> {
  const words = text.match(/\s*\S+/g) ?? [];
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const step = still ? words.length : Math.max(2, Math.ceil(words.length / STEPS_MAX));
  for (let at = step; at < words.length; at += step) {
    show(words.slice(0, at).join(''));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  show(text);
}
