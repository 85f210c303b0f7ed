/**
 * Numbers as the platforms of the reference show them: "43.6万", "1.2亿".
 *
 * @module
 */

const UNITS: ReadonlyMap<string, number> = new Map([
  ["千", 1e3],
  ["万", 1e4],
  ["亿", 1e8],
]);

/** Longer texts are not numbers that somebody is shown. */
const CHARS_MAX = 32;

/** Digits, with commas between thousands or without; a unit; "and more". */
const SHOWN = /^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([千万亿])?\+?$/;

/** The whole number that such a text stands for; `null` where it is none. */
export function countOf(text: string): number | null {
  if (text.length > CHARS_MAX) return null;
  const found = SHOWN.exec(text.trim());
  if (found === null) return null;
  const [, whole = "", fraction = "", unit = ""] = found;
  const number = Number(whole.replaceAll(",", "") + fraction);
  const count = Math.round(number * (UNITS.get(unit) ?? 1));
  return Number.isSafeInteger(count) ? count : null;
}
