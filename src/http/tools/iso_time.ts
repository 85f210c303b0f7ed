/**
 * Instants as the seed's JSON says them: ISO 8601, in UTC.
 *
 * @module
 */

/** @param at epoch ms. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** @param at epoch ms; `null` is never, and stays it. */
export function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
