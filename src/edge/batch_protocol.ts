/**
 * The name under which a client asks for fewer, longer frames.
 *
 * @module
 */

/** A batched session gets one frame of newline-joined messages a turn. */
export const BATCH_PROTOCOL = "parlor.v1.batch";
