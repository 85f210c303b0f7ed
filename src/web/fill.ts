/**
 * Puts values into a text.
 *
 * @module
 */

/** The text with each `{name}` replaced; a name without a value stays. */
export function fill(
  text: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return text.replace(
    /\{(\w+)\}/g,
    (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
