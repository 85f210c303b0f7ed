/**
 * Words of the command line as values. What a parser throws is a mistake in
 * usage.
 *
 * @module
 */

/** An id or a name: empty is refused, as an unset variable gives it. */
export function nonEmpty(input: string): string {
  if (input.trim() === "") throw new SyntaxError("want some text");
  return input;
}

/** A parser of whole numbers in `min..max`, both included. */
export function integerIn(
  min: number,
  max: number,
): (input: string) => number {
  return (input) => {
    const value = /^\d{1,15}$/.test(input) ? Number(input) : NaN;
    if (value >= min && value <= max) return value;
    throw new RangeError(`want an integer in ${min}..${max}`);
  };
}

const UNIT_SECS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const DURATION = /^(\d{1,9})([smhd]?)$/;

/** A duration such as `90`, `10m`, `2h` or `7d`, in s; at least 1. */
export function durationSecs(input: string): number {
  const [, digits, unit = ""] = DURATION.exec(input) ?? [];
  const scale = unit in UNIT_SECS
    ? UNIT_SECS[unit as keyof typeof UNIT_SECS]
    : 1;
  const secs = Number(digits) * scale;
  if (secs >= 1) return secs;
  throw new SyntaxError("want a duration such as 90s, 10m, 2h or 7d");
}

/** An instant, as epoch s or as ISO 8601 text, in epoch s. */
export function instantSecs(input: string): number {
  if (/^\d{1,12}$/.test(input)) return Number(input);
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d|$)/.test(input);
  const secs = isIso ? Math.floor(Date.parse(input) / 1000) : NaN;
  if (Number.isFinite(secs)) return secs;
  throw new SyntaxError(
    "want unix seconds, or a time such as 2026-01-01T08:00:00Z",
  );
}

/** Any JSON value, `null` too. */
export function jsonValue(input: string): { readonly value: unknown } {
  try {
    return { value: JSON.parse(input) };
  } catch {
    throw new SyntaxError("want JSON");
  }
}
