/**
 * What `parlor live watch` shows of one thing that happened in a live room.
 *
 * @module
 */

import type { TextOutput } from "./cli_context.ts";
import type { LiveItem } from "./live_frame.ts";
import { liveActor, liveWhat } from "./live_text.ts";
import { plainText } from "./plain_text.ts";
import type { Report } from "./report.ts";
import { fitRows } from "./watch_line.ts";

const GAP = "  ";

/** Its line, without an end: when, its number, who and what. */
export function liveLine(
  { seq, at, conflated, data }: LiveItem,
  report: Report,
  output: Pick<TextOutput, "size">,
): string {
  const who = `${data.type} ${liveActor(data)}`.trimEnd();
  const head = [report.instant(at), `${seq}`, plainText(who), ""].join(GAP);
  const sum = conflated === undefined ? "" : ` in ${conflated} messages`;
  const what = plainText(liveWhat(data) + sum);
  return head + fitRows(what, head, output.size()?.columns);
}
