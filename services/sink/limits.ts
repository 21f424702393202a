// Bounds of the sink: how much it takes at once, how long it waits, how much it keeps. Nothing in it grows without one of these.

/** Bytes of blocks that go into one group, and so at most into one insert. */
export const GROUP_BYTES_MAX = 8 * 1024 * 1024;
/** A first read of so many bytes says that more stand ready. */
export const BACKLOG_BYTES = GROUP_BYTES_MAX / 16;
/** How long a group that is not full waits for more blocks, ms. */
export const GROUP_LINGER_MS = 500;
/** How long one read waits for the first block before it looks again whether to stop, ms. */
export const READ_WAIT_MS = 1_000;
/** Bytes of groups that may wait for a witness before reading pauses. */
export const HELD_BYTES_MAX = 32 * 1024 * 1024;
/** Rows of refused blocks that are tried singly, at each attempt, to find one that the table takes. */
export const WITNESS_SAMPLES_MAX = 16;
/** A longer row is not kept as a witness. */
export const WITNESS_BYTES_MAX = 256 * 1024;
/** Rejected rows between two proofs that their table is fine. */
export const CONFIRM_ROWS_MAX = 32;
/** Bytes of a dead row that are kept; a row of the stream is at most so long, an unreadable block may be longer. */
export const DEAD_ROW_BYTES_MAX = 64 * 1024;
/** Dead letters that go into one insert. */
export const DEAD_LETTERS_PER_INSERT_MAX = 100;
/** Pauses between attempts while something outside fails. */
export const WEATHER_BACKOFF = { minMs: 100, maxMs: 5_000 };
/** Pauses between attempts while rejected rows have no witness. */
export const WITNESS_BACKOFF = { minMs: 500, maxMs: 15_000 };
/** After so long the same wait is said at level error, and again each time so much has passed, ms. */
export const ALARM_AFTER_MS = 60_000;
/** How long a stop waits for the insert under way, ms. */
export const STOP_INSERT_MS = 5_000;
