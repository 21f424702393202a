// How long each generation was in sight. In sight: at least half of it or half of the viewport, in a visible page that
// has the focus, with nothing over it. In: elements. Out: dwell, and `shown` once it reaches V.
import { isCovered } from './cover.js';
import { GENERATION, ROOT } from './dom.js';
import type { Generation } from './generation.js';
import { tick } from './generation.js';
import { guard } from './guard.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';

/** Sight is measured so often while a generation is on the screen, ms; between, as it passes half its height. */
const TICK_MS = 500;
const THRESHOLD = [0, 0.5];

export interface Visibility {
  watch: (element: Element) => void;
  stop: () => void;
}

/** Heights in pixels. A ratio alone would never count an answer longer than the screen. */
export function isInSight(visibleHeight: number, height: number, viewportHeight: number): boolean {
  return visibleHeight > 0 && visibleHeight >= Math.min(height, viewportHeight) / 2;
}

export function createVisibility(
  registry: Registry,
  visibleMs: number,
  listen: Listen,
  seen: (generation: Generation) => void,
): Visibility {
  /** On the screen, if only by a line. */
  const near = new Set<Element>();
  const inSight = new Set<Element>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const awake = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
  const generationOf = (element: Element): Generation | undefined => registry.get(element.getAttribute(GENERATION));

  function clock(element: Element, visible: boolean): void {
    inSight[visible ? 'add' : 'delete'](element);
    const generation = generationOf(element);
    if (!generation) return;
    // A generation may stand in several elements.
    const any = [...inSight].some((other) => generationOf(other) === generation);
    tick(generation, any, Date.now());
    if (!generation.shown && generation.visibleMs >= visibleMs) seen(generation);
  }

  const observer = new IntersectionObserver(
    guard((entries: IntersectionObserverEntry[]) => {
      for (const { target, isIntersecting, intersectionRect, boundingClientRect } of entries) {
        near[isIntersecting && target.matches(ROOT) ? 'add' : 'delete'](target);
        clock(
          target,
          near.has(target) &&
            awake() &&
            isInSight(intersectionRect.height, boundingClientRect.height, innerHeight) &&
            target.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false &&
            !isCovered(target),
        );
      }
      plan();
    }),
    { threshold: THRESHOLD },
  );

  /** Observed anew, an element is measured anew, clipped by every scrolling box around it. */
  function watch(element: Element): void {
    observer.unobserve(element);
    observer.observe(element);
  }

  function measure(): void {
    timer = undefined;
    near.forEach(watch);
  }

  function plan(): void {
    if (near.size && awake()) timer ??= setTimeout(guard(measure), TICK_MS);
  }

  listen(['focus', 'blur', 'visibilitychange'], () => {
    if (awake()) measure();
    else near.forEach((element) => clock(element, false));
  });

  registry.roots().forEach(watch);
  return {
    watch,
    stop() {
      observer.disconnect();
      clearTimeout(timer);
    },
  };
}
