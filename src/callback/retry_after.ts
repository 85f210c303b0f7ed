/**
 * `Retry-After`: when an endpoint wants to be asked again (RFC 9110 §10.2.3).
 *
 * @module
 */

/** The longest wait that is believed. */
export const RETRY_AFTER_MS_MAX = 24 * 60 * 60_000;

const SECONDS = /^\d+$/;
/** The form that is sent, and an older one that recipients must know. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .+ GMT$/;
/** The oldest form, of C's `asctime`, which is in UTC and does not say so. */
const UNZONED_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/;

/**
 * Reads the header, in seconds or a date.
 *
 * @param now Epoch ms.
 * @returns ms from now, at most {@linkcode RETRY_AFTER_MS_MAX}; `null` for no
 * header, one that cannot be read, and a date that is past.
 */
export function readRetryAfter(
  text: string | null,
  now: number,
): number | null {
  const trimmed = text?.trim() ?? "";
  const waitMs = SECONDS.test(trimmed)
    ? Number(trimmed) * 1000
    : dateOf(trimmed) - now;
  if (Number.isNaN(waitMs) || waitMs < 0) return null;
  return Math.min(waitMs, RETRY_AFTER_MS_MAX);
}

function dateOf(text: string): number {
  if (DATE.test(text)) return Date.parse(text);
  return UNZONED_DATE.test(text) ? Date.parse(`${text} GMT`) : NaN;
}
