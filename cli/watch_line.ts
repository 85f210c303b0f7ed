/**
 * What `parlor devices watch` shows of one entry of a room's log.
 *
 * A terminal gets at most a few rows a message, so that one of a megabyte does
 * not push the others away; a pipe gets all of it.
 *
 * @module
 */

import stringWidth from "string-width";
import type { EntryAnswer } from "./answers.ts";
import type { TextOutput } from "./cli_context.ts";
import { entryActor, entryText } from "./entry_text.ts";
import { hexText } from "./hex_text.ts";
import { colourJson } from "./json_colour.ts";
import { plainJsonText, plainText } from "./plain_text.ts";
import type { Report } from "./report.ts";
import { cut } from "./table.ts";

/** Rows of a terminal that one entry may take. */
const ROWS_MAX = 5;
/** Cells that a message gets, however much stands before it. */
const MESSAGE_CELLS_MIN = 20;
/** Characters of one cell; a grapheme of more is cut off. */
const CELL_CHARS_MAX = 8;
const GAP = "  ";

/** The entry's line, without an end. */
export function watchLine(
  entry: EntryAnswer,
  report: Report,
  output: Pick<TextOutput, "hasColours" | "size">,
): string {
  const { who, what, isJson } = saidOf(entry, report);
  const parts = [report.instant(entry.at), `${entry.seq}`, plainText(who), ""];
  const head = parts.join(GAP);
  const shown = fitRows(what, head, output.size()?.columns);
  return head + (isJson && output.hasColours ? colourJson(shown) : shown);
}

interface Said {
  readonly who: string;
  /** Safe to show. */
  readonly what: string;
  readonly isJson: boolean;
}

function saidOf(entry: EntryAnswer, report: Report): Said {
  const { text, base64 } = entry.payload;
  if (entry.type === "DeviceMessage") {
    const who = deviceOf(entry);
    if (typeof text === "string") {
      return { who, what: plainJsonText(text), isJson: true };
    }
    if (typeof base64 === "string") {
      return { who, what: hexText(base64), isJson: false };
    }
  }
  const actor = entryActor(entry);
  const what = entryText(entry, (at) => report.instant(at));
  return {
    who: actor === "-" ? entry.type : `${entry.type} ${actor}`,
    what: plainText(what),
    isJson: false,
  };
}

/** The sender, and the only device that it is for. */
function deviceOf({ payload }: EntryAnswer): string {
  const { from, identity, target } = payload;
  const sender = typeof identity === "string" && identity !== from
    ? `${from} (${identity})`
    : `${from}`;
  return typeof target === "string" ? `${sender} → ${target}` : sender;
}

/**
 * As much of a text as fits a few rows of a terminal behind its head.
 *
 * @param columns the terminal's width; `undefined` is none, and cuts nothing.
 */
export function fitRows(
  text: string,
  head: string,
  columns: number | undefined,
): string {
  if (columns === undefined) return text;
  const cells = Math.max(
    MESSAGE_CELLS_MIN,
    columns * ROWS_MAX - stringWidth(head),
  );
  // A megabyte need not be measured to know that it is too wide.
  const start = text.slice(0, cells * CELL_CHARS_MAX);
  const isWhole = start.length === text.length;
  return cut(isWhole ? start : `${start}…`, cells);
}
