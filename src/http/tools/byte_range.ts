/**
 * Which part of a file a request asks for (RFC 9110 §14).
 *
 * @module
 */

import type { ByteRange } from "../../upload/upload_folder.ts";

/**
 * Reads a `Range`. What names no single range is to be passed over, as RFC 9110
 * allows.
 *
 * @param bytes of the file, at least one.
 * @returns `undefined` for all of the file, `"unfit"` when the file has nothing
 * of what is asked for.
 */
export function byteRange(
  header: string | undefined,
  bytes: number,
): ByteRange | "unfit" | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ??
    [];
  if (first === undefined || last === undefined) return undefined;
  if (first === "") return last === "" ? undefined : ending(+last, bytes);
  const from = Number(first);
  const to = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== "" && Number(last) < from) return undefined;
  return from < bytes ? { from, to } : "unfit";
}

/** The last bytes, as many as there are. */
function ending(count: number, bytes: number): ByteRange | "unfit" {
  if (count === 0) return "unfit";
  return { from: Math.max(0, bytes - count), to: bytes - 1 };
}
