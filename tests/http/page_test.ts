import assert from "node:assert/strict";
import { pageBody, pageQuery } from "../../src/http/page.ts";

const schema = pageQuery({ limitDefault: 500, limitMax: 5000 });

function pagination(total: number, page: number, limit: number) {
  const { pagination } = pageBody("r1", {
    page: { rows: [], total },
    query: { page, limit },
    record: (row) => row,
  });
  return pagination;
}

Deno.test("pageQuery starts at the newest page of the default size", () => {
  assert.deepEqual(schema.parse({}), { page: 1, limit: 500 });
});

Deno.test("pageQuery includes the whole second of from and of to", () => {
  const query = { from: "1640995200", to: "1640998800" };
  assert.deepEqual(schema.parse(query), {
    page: 1,
    limit: 500,
    fromAt: 1640995200_000,
    toAt: 1640998800_999,
  });
});

Deno.test("pageQuery lowers a limit above the cap to it", () => {
  for (
    const [given, limit] of [["4999", 4999], ["5000", 5000], ["5001", 5000]]
  ) {
    assert.equal(schema.parse({ limit: given }).limit, limit);
  }
});

Deno.test("pageQuery refuses numbers out of range and what is no number", () => {
  for (const value of ["0", "-1", "1.5", "", " 1", "1e3", "0x1", "NaN", "x"]) {
    assert.equal(schema.safeParse({ page: value }).success, false, value);
    assert.equal(schema.safeParse({ limit: value }).success, false, value);
  }
  for (const value of ["-1", "x", "1.5", "", "8640000000001"]) {
    assert.equal(schema.safeParse({ from: value }).success, false, value);
    assert.equal(schema.safeParse({ to: value }).success, false, value);
  }
  assert.equal(schema.safeParse({ page: "1000000000" }).success, true);
  assert.equal(schema.safeParse({ page: "1000000001" }).success, false);
});

Deno.test("pageBody counts pages at, below and above a full one", () => {
  assert.equal(pagination(0, 1, 10).total_pages, 0);
  assert.equal(pagination(9, 1, 10).total_pages, 1);
  assert.equal(pagination(10, 1, 10).total_pages, 1);
  assert.equal(pagination(11, 1, 10).total_pages, 2);
});

Deno.test("pageBody knows whether there is a page before and after", () => {
  const neighbours = [1, 2, 3, 4].map((page) => {
    const { has_prev, has_next } = pagination(25, page, 10);
    return [has_prev, has_next];
  });
  assert.deepEqual(neighbours, [
    [false, true],
    [true, true],
    [true, false],
    [true, false],
  ]);
  const empty = pagination(0, 1, 10);
  assert.deepEqual([empty.has_prev, empty.has_next], [false, false]);
});
