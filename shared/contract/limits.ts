// Every limit of the wire, in one place. Numbers only, no imports; units stand last in each name.

/** Body of a request as it comes over the wire, bytes. */
export const BODY_BYTES_MAX = 1024 * 1024;
/** So much more of a refused body is read, so that the connection stays usable; then it is closed, bytes. */
export const DISCARDED_BYTES_MAX = 1024 * 1024;
/** Body after gunzip, bytes. */
export const INFLATED_BYTES_MAX = 4 * 1024 * 1024;
/** Events of one batch. */
export const EVENTS_MAX = 1000;
/** Containers inside each other; the batch object is the first. */
export const DEPTH_MAX = 16;

/** Ids of generations, tasks, users, clients and sessions, UTF-16 units. */
export const ID_CHARS_MAX = 128;
/** Names: prompts, models, versions, labels, surfaces, SDKs, UTF-16 units. */
export const NAME_CHARS_MAX = 200;
/** Attributes of one event, those of its batch included. */
export const ATTRIBUTES_MAX = 32;
/** Name of an attribute, and its value, UTF-16 units. */
export const ATTRIBUTE_CHARS_MAX = 200;
/** A generation token, UTF-16 units. */
export const TOKEN_CHARS_MAX = 4096;

/** A row as NDJSON, its newline included, bytes. */
export const ROW_BYTES_MAX = 64 * 1024;
/** All rows of one batch, bytes: attributes of a batch are repeated on every row. */
export const ROWS_BYTES_MAX = 4 * 1024 * 1024;

/** Largest count of characters, and largest duration in ms: what a UInt32 holds. */
export const UINT32_MAX = 4_294_967_295;
/** Largest rank: what a UInt16 holds. */
export const RANK_MAX = 65_535;
/** Values of `rate` and `score` lie within plus and minus this. */
export const VALUE_MAX = 1e9;
/** Instants lie within plus and minus this many ms of the epoch: what a Date holds. */
export const INSTANT_MS_MAX = 8.64e15;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A clock that is off by more than this is corrected. */
export const SKEW_TOLERATED_MS = 60 * SECOND_MS;
/** An event may lie so far after its receipt. */
export const OCCURRED_AHEAD_MS_MAX = 60 * SECOND_MS;
/** An event may lie so far before its receipt. */
export const OCCURRED_BACK_MS_MAX = 7 * DAY_MS;
/** A generation may lie so far after the receipt of its event. */
export const GENERATED_AHEAD_MS_MAX = HOUR_MS;
/** A generation may lie so far before the receipt of its event. */
export const GENERATED_BACK_MS_MAX = 30 * DAY_MS;
/** With `backfill`, events and generations may lie so far back (12 months). */
export const BACKFILL_BACK_MS_MAX = 365 * DAY_MS;
/** The time inside a generation id and the one its token states may differ by so much. */
export const TOKEN_TIME_TOLERATED_MS = HOUR_MS;
/** Life of a token that names no end, from the generation on. */
export const TOKEN_LIFE_MS = 30 * DAY_MS;

/** Time for the headers of a request, ms. */
export const HEADERS_TIMEOUT_MS = 10 * SECOND_MS;
/** Time without a byte of the body, ms. */
export const BODY_IDLE_MS_MAX = 10 * SECOND_MS;
/** Time for the whole body, ms. */
export const BODY_TOTAL_MS_MAX = 30 * SECOND_MS;
