// The order of test files. In: files of all kinds. Out: `groupOrder` by `groupOrder`, and within it the kinds mixed evenly, so that
// files that compute run beside files that wait. The longest come first: what is begun last would be waited for alone.
import { BaseSequencer } from 'vitest/node';

const LONGEST = /\/test\/(faults\/|integration\/simulate\.test)/;

export class MixedKinds extends BaseSequencer {
  async sort(files) {
    const ordered = await super.sort(files);
    const place = new Map();
    for (const kind of new Set(ordered.map(kindOf))) {
      const alike = ordered.filter((file) => kindOf(file) === kind);
      for (const [i, file] of alike.entries())
        place.set(file, LONGEST.test(file.moduleId) ? 0 : (i + 1) / alike.length);
    }
    return ordered.sort((a, b) => groupOf(a) - groupOf(b) || place.get(a) - place.get(b));
  }
}

function kindOf({ project }) {
  return project.name;
}

function groupOf({ project }) {
  return project.config.sequence.groupOrder;
}
