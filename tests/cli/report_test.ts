import assert from "node:assert/strict";
import { Report } from "../../cli/report.ts";
import { FakeCli } from "../support/fake_cli.ts";
import { START_AT } from "../support/fake_clock.ts";

Deno.test("Report prints lines, or the value when JSON was asked for", () => {
  const cli = new FakeCli();
  new Report(cli, false).print({ a: 1 }, () => ["one", "two"]);
  assert.equal(cli.stdout.take(), "one\ntwo\n");
  new Report(cli, true).print({ a: 1 }, () => ["one", "two"]);
  assert.equal(cli.stdout.take(), '{\n  "a": 1\n}\n');
});

Deno.test("Report prints a line a value, of JSON when that was asked for", () => {
  const cli = new FakeCli();
  const values = [{ a: 1 }, { a: "\x9b" }];
  new Report(cli, false).printEach(values, ({ a }) => `a is ${a}`.slice(0, 6));
  assert.equal(cli.stdout.take(), "a is 1\na is \x9b\n");
  new Report(cli, true).printEach(values, () => "");
  assert.equal(cli.stdout.take(), '{"a":1}\n{"a":"\\u009b"}\n');
});

Deno.test("Report writes remarks to stderr, JSON or not", () => {
  const cli = new FakeCli();
  new Report(cli, true).note("more\nto see");
  assert.equal(cli.stdout.take(), "");
  assert.equal(cli.stderr.take(), "more\\nto see\n");
});

Deno.test("Report says ok where a change has no data", () => {
  const cli = new FakeCli();
  new Report(cli, true).done("Closed");
  new Report(cli, false).done("Clo\x07sed");
  assert.equal(cli.stdout.take(), '{\n  "ok": true\n}\nClo\\x07sed\n');
});

Deno.test("Report lines up names and values", () => {
  const report = new Report(new FakeCli(), false);
  assert.deepEqual(
    report.fields([["room", "r1"], ["last seq", "\x1b7"], ["none", ""]]),
    ["room      r1", "last seq  \\x1b7", "none"],
  );
});

Deno.test("Report writes instants in local time and - for none", () => {
  const report = new Report(new FakeCli(), false);
  assert.equal(report.instant(START_AT), "2026-01-01 08:00:00");
  assert.equal(report.seconds(START_AT / 1000), "2026-01-01 08:00:00");
  assert.equal(report.instant(null), "-");
  assert.equal(report.seconds(undefined), "-");
});

Deno.test("Report cuts tables on a terminal and nowhere else", () => {
  const columns = [{ title: "A", cell: (row: string) => row }];
  const rows = ["abcdefghij"];
  const terminal = new FakeCli({ terminal: { columns: 5, rows: 9 } });
  assert.deepEqual(new Report(terminal, false).table(columns, rows), [
    "A",
    "abcd…",
  ]);
  assert.deepEqual(new Report(new FakeCli(), false).table(columns, rows), [
    "A",
    "abcdefghij",
  ]);
});
