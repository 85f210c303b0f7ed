/**
 * What users wrote, made safe to show on a terminal.
 *
 * A nickname may hold an escape sequence that clears the screen, renames the
 * window or types into the shell, or a direction mark that reorders the line.
 * Each such character is shown as its escape instead, whether the output is a
 * terminal or not: a file is often shown on one later.
 *
 * @module
 */

/** C0 and C1 controls, line separators, and marks that reorder text. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** The same but for what `JSON.stringify` escapes or writes itself. */
const UNSAFE_IN_JSON =
  /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const SHORT: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** The text on one line, every control character as a visible escape. */
export function plainText(text: string): string {
  return text.replace(UNSAFE, (char) => SHORT[char] ?? escapeOf(char));
}

/** The value as indented JSON that no terminal obeys; it parses the same. */
export function plainJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(UNSAFE_IN_JSON, unicodeEscapeOf);
}

/** The value as JSON on one line that no terminal obeys. */
export function plainJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE_IN_JSON, unicodeEscapeOf);
}

/**
 * JSON as it was written, on one line that no terminal obeys.
 *
 * Between tokens a tab or the end of a line becomes a space, and elsewhere none
 * can stand, so that it parses as the same value.
 */
export function plainJsonText(text: string): string {
  return text.replace(/[\t\n\r]/g, " ").replace(UNSAFE, unicodeEscapeOf);
}

function escapeOf(char: string): string {
  const code = char.charCodeAt(0);
  if (code > 0xff) return unicodeEscapeOf(char);
  return `\\x${code.toString(16).padStart(2, "0")}`;
}

function unicodeEscapeOf(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
