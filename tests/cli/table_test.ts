import assert from "node:assert/strict";
import { type Column, cut, tableLines } from "../../cli/table.ts";

interface Row {
  readonly name: string;
  readonly count: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", cell: (row) => row.name, canShrink: true },
  { title: "N", cell: (row) => row.count, align: "right" },
  { title: "END", cell: () => "|" },
];

function lines(names: readonly string[], widthMax?: number): string[] {
  const rows = names.map((name, index) => ({ name, count: `${index * 9}` }));
  return tableLines(COLUMNS, rows, widthMax);
}

Deno.test("tableLines aligns Chinese, emoji and combining marks", () => {
  const family = "👨‍👩‍👧";
  assert.deepEqual(
    lines(["ascii", "大厅聊天", `${family} a`, "e\u0301te\u0301"]),
    [
      "NAME       N  END",
      "ascii      0  |",
      "大厅聊天   9  |",
      `${family} a      18  |`,
      "e\u0301te\u0301       27  |",
    ],
  );
});

Deno.test("tableLines prints titles when there is no row", () => {
  assert.deepEqual(lines([]), ["NAME  N  END"]);
});

Deno.test("tableLines escapes control characters before it measures", () => {
  assert.deepEqual(lines(["\x1b[31mred"]), [
    "NAME         N  END",
    "\\x1b[31mred  0  |",
  ]);
});

Deno.test("tableLines takes width from what may shrink, to the cell", () => {
  const name = "大厅聊天室大厅聊天室";
  assert.deepEqual(lines([name], 28)[1], `${name}  0  |`);
  assert.deepEqual(lines([name], 27)[1], "大厅聊天室大厅聊天…  0  |");
  assert.deepEqual(lines([name], 26)[1], "大厅聊天室大厅聊…   0  |");
});

Deno.test("tableLines cuts the line where nothing may shrink any more", () => {
  assert.deepEqual(lines(["abcdefghijk"], 10), ["NAME     …", "abcdefg… …"]);
});

Deno.test("cut keeps a text that fits and splits no grapheme", () => {
  assert.equal(cut("大厅", 4), "大厅");
  assert.equal(cut("大厅", 3), "大…");
  assert.equal(cut("大厅", 2), "…");
  assert.equal(cut("e\u0301e\u0301e\u0301", 2), "e\u0301…");
  assert.equal(cut("大厅", 0), "");
});
