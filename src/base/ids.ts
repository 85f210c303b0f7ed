/**
 * Randomness as an interface: ids that a test can predict.
 *
 * @module
 */

/** Where ids come from. */
export interface Ids {
  /** A UUID in its 36-character form. */
  uuid(): string;
  /** A number in [0, 1): for jitter, never for secrets. */
  fraction(): number;
}

/** Ids from the runtime's secure generator. */
export const systemIds: Ids = {
  uuid: () => crypto.randomUUID(),
  fraction: () => Math.random(),
};
