/**
 * The members of a JSON object, found in its text.
 *
 * Parsing a text and writing it again changes numbers past 2^53, `1.0` and the
 * order of keys, and recurses as deep as the text nests. Here every byte stays
 * where it was, and depth costs nothing. Only the outermost object is looked
 * at, and the text must be JSON.
 *
 * @module
 */

/** One `"key": value` of the outermost object. */
export interface JsonMember {
  /** Without its quotes, and with its escapes resolved. */
  readonly key: string;
  /** As it was written, without the space around it. */
  readonly valueText: string;
  /** The member with the space around it, without commas. */
  readonly from: number;
  readonly to: number;
}

/** The members in order, those of one key too; none unless it is an object. */
export function jsonMembers(json: string): JsonMember[] {
  if (!isJsonObject(json)) return [];
  const members: JsonMember[] = [];
  const start = json.indexOf("{") + 1;
  let from = start;
  let depth = 0;
  for (let index = start; index < json.length; index++) {
    switch (json.charAt(index)) {
      case '"':
        index = stringEnd(json, index);
        break;
      case "{":
      case "[":
        depth += 1;
        break;
      case ",":
        if (depth > 0) break;
        keep(members, json, { from, to: index });
        from = index + 1;
        break;
      case "}":
      case "]":
        if (depth === 0) {
          keep(members, json, { from, to: index });
          return members;
        }
        depth -= 1;
    }
  }
  return members;
}

/** The object without the members of some keys; all else keeps its bytes. */
export function withoutMembers(
  json: string,
  keys: readonly string[],
): string {
  const members = jsonMembers(json);
  const kept = members.filter(({ key }) => !keys.includes(key));
  const first = members[0];
  const last = members.at(-1);
  if (first === undefined || last === undefined) return json;
  if (kept.length === members.length) return json;
  const inside = kept.map(({ from, to }) => json.slice(from, to)).join(",");
  return json.slice(0, first.from) + inside + json.slice(last.to);
}

/** Whether a text that is JSON is an object. */
export function isJsonObject(json: string): boolean {
  return json.trimStart().startsWith("{");
}

/** Keeps what stands there, unless it is the nothing of an empty object. */
function keep(
  members: JsonMember[],
  json: string,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const open = json.indexOf('"', from);
  if (open < 0 || open >= to) return;
  const close = stringEnd(json, open);
  const valueFrom = json.indexOf(":", close) + 1;
  members.push({
    key: keyOf(json.slice(open + 1, close)),
    valueText: json.slice(valueFrom, to).trim(),
    from,
    to,
  });
}

function keyOf(raw: string): string {
  return raw.includes("\\") ? JSON.parse(`"${raw}"`) : raw;
}

/** Where the closing quote is of the string that opens at an index. */
function stringEnd(json: string, open: number): number {
  let close = json.indexOf('"', open + 1);
  while (close >= 0 && isEscaped(json, close)) {
    close = json.indexOf('"', close + 1);
  }
  return close < 0 ? json.length : close;
}

/** Whether an odd number of backslashes stands before an index. */
function isEscaped(json: string, index: number): boolean {
  let from = index;
  while (json.charAt(from - 1) === "\\") from -= 1;
  return (index - from) % 2 === 1;
}
