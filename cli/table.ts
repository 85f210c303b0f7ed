/**
 * Columns that line up on a terminal, whatever script their cells are in.
 *
 * A Chinese character or an emoji takes two columns and a combining mark none,
 * so cells are padded by display width and cut between whole graphemes.
 *
 * @module
 */

import stringWidth from "string-width";
import { plainText } from "./plain_text.ts";

/** One column. */
export interface Column<Row> {
  readonly title: string;
  /** The cell's text; control characters in it are escaped by the table. */
  readonly cell: (row: Row) => string;
  /** Numbers read better from the right. */
  readonly align?: "right";
  /** Whether it gives up width first when the table is too wide. */
  readonly canShrink?: true;
}

/** What stands between two columns. */
const GAP = "  ";
/** A column is not shrunk below this many cells. */
const SHRUNK_WIDTH_MIN = 8;
const ELLIPSIS = "…";

const segmenter = new Intl.Segmenter();

/**
 * The lines of a table: titles, then one line a row, without trailing spaces.
 *
 * @param widthMax the terminal's width, when the table must fit one.
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  widthMax = Infinity,
): string[] {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((each) => plainText(each.cell(row)))),
  ];
  const widths = shrink(columns, naturalWidths(columns, cells), widthMax);
  return cells.map((line) => {
    const padded = line.map((text, index) => {
      const width = widths[index] ?? 0;
      return pad(cut(text, width), width, columns[index]?.align);
    });
    return cut(padded.join(GAP).trimEnd(), widthMax);
  });
}

/** The text in at most `width` columns, with an ellipsis where it was cut. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = used + stringWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return width > 0 ? kept + ELLIPSIS : "";
}

function naturalWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
): number[] {
  return columns.map((_, index) =>
    cells.reduce(
      (widest, line) => Math.max(widest, stringWidth(line[index] ?? "")),
      0,
    )
  );
}

/** Takes width from the widest column that may shrink until all of it fits. */
function shrink<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  widthMax: number,
): number[] {
  const widths = [...natural];
  const gaps = GAP.length * (columns.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, gaps) - widthMax;
  while (excess > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const width = widths[index] ?? 0;
      const canShrink = column.canShrink === true && width > SHRUNK_WIDTH_MIN;
      if (canShrink && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function pad(text: string, width: number, align?: "right"): string {
  const blank = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "right" ? blank + text : text + blank;
}
