// What the pages with an editor have in common: the beacon, which may come later.
import type { Tacit } from '../../../services/beacon/web/api.js';

/** The beacon's script loads by itself: until it has, nothing is told. */
export const lateTacit: Pick<Tacit, 'draft'> = {
  draft: (...change) => (window as { tacit?: Tacit }).tacit?.draft(...change),
};
