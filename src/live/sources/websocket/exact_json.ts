/**
 * JSON of which no number loses digits, and that no nesting makes unreadable.
 *
 * Servers give ids as whole numbers that the usual parser rounds beyond 2^53:
 * two messages would then share an id, and the second be taken for a copy of
 * the first.
 *
 * @module
 */

/** Values within values, at most; a feed needs a handful. */
const DEPTH_MAX = 100;

/** Text that is shorter cannot nest so deep that anything runs out of stack. */
const SHALLOW_CHARS_MAX = 4096;

/**
 * As many digits as a number that may be rounded has, where a number may begin.
 * An id that is text is no reason to look at every value.
 */
const LONG_NUMBER = /(?:^|[\s:,[-])\d{16}/;

const WHOLE = /^-?\d+$/;

/**
 * Parses JSON; whole numbers beyond 2^53 become texts of their digits.
 *
 * @throws {SyntaxError} when it is none, or nests deeper than 100.
 */
export function parseExact(text: string): unknown {
  if (text.length > SHALLOW_CHARS_MAX && isDeep(text)) {
    throw new SyntaxError(`Cannot parse JSON that nests beyond ${DEPTH_MAX}`);
  }
  return LONG_NUMBER.test(text)
    ? JSON.parse(text, keepDigits)
    : JSON.parse(text);
}

function keepDigits(
  _key: string,
  value: unknown,
  { source }: { source?: string } = {},
): unknown {
  const isRounded = typeof value === "number" && !Number.isSafeInteger(value) &&
    source !== undefined && WHOLE.test(source);
  return isRounded ? source : value;
}

function isDeep(text: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (isQuoted) {
      if (char === "\\") index++;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === "{" || char === "[") {
      if (++depth > DEPTH_MAX) return true;
    } else if (char === "}" || char === "]") depth--;
  }
  return false;
}
