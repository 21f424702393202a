// Steps that turn JSON into a validated event, or say what is wrong with it.
import { isJsonObject } from '../../../shared/contract/batch.js';
import { schemaFor } from '../../../shared/contract/events.js';
import { isUuid } from '../../../shared/contract/ids.js';
import type { Step } from './draft.js';

/** First, so that nothing of somebody who opted out is looked at. */
export const dropOptedOut: Step = {
  name: 'drop_opted_out',
  run(draft, batch) {
    if (batch.gpc && batch.keyed.project.honourGpc) draft.drop('opted_out');
  },
};

export const dropMalformed: Step = {
  name: 'drop_malformed',
  run(draft) {
    const { raw } = draft;
    if (!isJsonObject(raw)) return draft.drop('not_an_object');
    const schema = schemaFor(raw['type']);
    if (schema === undefined) return draft.drop(isUuid(raw['id']) ? 'unknown_type' : 'invalid_id');
    const parsed = schema.safeParse(raw);
    if (parsed.success) {
      draft.event = parsed.data;
      return;
    }
    const fields = parsed.error.issues.map((issue) => String(issue.path[0] ?? ''));
    if (fields.includes('id')) return draft.drop('invalid_id');
    if (fields.includes('g')) return draft.drop('invalid_generation_id');
    draft.drop('invalid_field', fields[0]);
  },
};

export const dropNotAllowed: Step = {
  name: 'drop_not_allowed',
  run(draft, batch) {
    if (!batch.byServer && (batch.backfill || draft.event.type === 'score')) draft.drop('not_allowed');
  },
};
