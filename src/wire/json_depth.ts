/**
 * How deep a parsed JSON value nests.
 *
 * `JSON.parse` takes any depth, but encoding a value again recurses: a deep one
 * from a client would overflow the stack later, in a room's turn.
 *
 * @module
 */

/** The bound, inclusive. */
export interface JsonDepth {
  readonly depthMax: number;
}

/** Whether no array or object stands deeper than the bound. */
export function jsonDepthFits(
  value: unknown,
  { depthMax }: JsonDepth,
): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== "object" || one === null) continue;
      if (depth === depthMax) return false;
      for (const child of Object.values(one)) next.push(child);
    }
    level = next;
  }
  return true;
}
