/**
 * JSON with its tokens in colours.
 *
 * It colours the text as it stands and never parses it: a number keeps its
 * digits and an object its duplicate keys, and what is cut off or is no JSON
 * still shows.
 *
 * @module
 */

const KEY = 36;
const STRING = 32;
const NUMBER = 33;
const LITERAL = 35;
/** Back to the terminal's own colour. */
const DEFAULT = 39;

const WORD = /[-+.\w]+/y;
const BETWEEN = /[^"\-+.\w]+/y;
const COLON = /\s*:/y;

/**
 * The text with colours for a terminal, and nothing else changed.
 *
 * @param text holds nothing that a terminal obeys: see `plainJsonText`.
 */
export function colourJson(text: string): string {
  let coloured = "";
  let start = 0;
  while (start < text.length) {
    const end = tokenEnd(text, start);
    const colour = colourOf(text, start, end);
    const token = text.slice(start, end);
    coloured += colour === undefined
      ? token
      : `\x1b[${colour}m${token}\x1b[${DEFAULT}m`;
    start = end;
  }
  return coloured;
}

function tokenEnd(text: string, start: number): number {
  if (text[start] === '"') return stringEnd(text, start);
  return endOf(WORD, text, start) ?? endOf(BETWEEN, text, start) ??
    start + 1;
}

/** Behind the closing quote, or the end of the text where there is none. */
function stringEnd(text: string, start: number): number {
  const mark = /["\\]/g;
  mark.lastIndex = start + 1;
  for (;;) {
    const found = mark.exec(text);
    if (found === null) return text.length;
    if (found[0] === '"') return mark.lastIndex;
    // The character behind a backslash belongs to it.
    mark.lastIndex++;
  }
}

function colourOf(
  text: string,
  start: number,
  end: number,
): number | undefined {
  const first = text[start] ?? "";
  if (first === '"') {
    return endOf(COLON, text, end) === undefined ? STRING : KEY;
  }
  if (/[-\d]/.test(first)) return NUMBER;
  return /[a-z]/i.test(first) ? LITERAL : undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
