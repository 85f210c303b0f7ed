/**
 * One line of the table for each goal.
 *
 * @module
 */

export interface Row {
  readonly name: string;
  readonly goal: string;
  readonly measured: string;
  /** Where the measured figure comes from. */
  readonly detail: string;
  /** `null` where it cannot be measured. */
  readonly isMet: boolean | null;
}

/** The table, its columns aligned. */
export function tableLines(rows: readonly Row[]): string[] {
  const cells = [
    ["", "goal", "measured", "", "from"],
    ...rows.map(({ name, goal, measured, isMet, detail }) => [
      name,
      goal,
      measured,
      isMet === null ? "skipped" : isMet ? "met" : "MISSED",
      detail,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0))
  );
  return cells.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")
      .trimEnd()
  );
}

/** A row for a goal that nothing can be said about here. */
export function skippedRow(
  { name, goal }: Pick<Row, "name" | "goal">,
  reason: string,
): Row {
  return { name, goal, measured: "-", detail: reason, isMet: null };
}

/** The middle one; of an even number the lower middle one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

/** `123 k` or `1.23 M`. */
export function rounded(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return `${Math.round(value / 1000)} k`;
}
