// Steps that write the row of an event.
import { meaningOf } from '../../../shared/contract/decides.js';
import { attributesPart, eventPart, joinRow } from '../../../shared/contract/event-row.js';
import { ATTRIBUTES_MAX, ROW_BYTES_MAX } from '../../../shared/contract/limits.js';
import { UTF8_BYTES_PER_UNIT_MAX } from '../blocks.js';
import type { Step } from './draft.js';

/** Attributes of the batch are on every event. */
export const dropBadAttributes: Step = {
  name: 'drop_bad_attributes',
  run(draft, batch) {
    if (batch.attributes === undefined) return draft.drop('invalid_field', 'attributes');
    const own = draft.event.attributes;
    const count = own === undefined ? batch.attributesCount : Object.keys({ ...batch.attributes, ...own }).length;
    if (count > ATTRIBUTES_MAX) draft.drop('too_many_attributes');
  },
};

/** Those of the batch, overridden by those of the event. */
export const putAttributes: Step = {
  name: 'put_attributes',
  run(draft, batch) {
    const own = draft.event.attributes;
    draft.attributesPart = own === undefined ? batch.attributesPart : attributesPart({ ...batch.attributes, ...own });
  },
};

export const putRow: Step = {
  name: 'put_row',
  run(draft, batch) {
    const event = eventPart({
      event: draft.event,
      meaning: meaningOf(draft.event, batch.keyed.project.visibleMs),
      occurredAt: draft.occurredAt,
      clockSuspect: draft.clockSuspect,
      length: draft.generation.length,
    });
    draft.row = joinRow(batch.part, draft.generation.part, draft.attributesPart, event);
  },
};

export const dropRowTooLarge: Step = {
  name: 'drop_row_too_large',
  run(draft) {
    const { row } = draft;
    const small = row.length * UTF8_BYTES_PER_UNIT_MAX <= ROW_BYTES_MAX;
    if (!small && Buffer.byteLength(row) > ROW_BYTES_MAX) draft.drop('row_too_large');
  },
};

/**
 * An id that has its row already needs no second one and counts as accepted, unless this copy is of an earlier time: of several
 * copies the earliest decides, in whatever order a batch holds them.
 */
export const putRepeated: Step = {
  name: 'put_repeated',
  run(draft, batch) {
    const id = draft.event.id.toLowerCase();
    draft.repeated = (batch.seen.get(id) ?? Infinity) <= draft.occurredAt;
    if (!draft.repeated) batch.seen.set(id, draft.occurredAt);
  },
};
