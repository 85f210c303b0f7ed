import assert from "node:assert/strict";
import type { SqlRow, SqlStatement } from "../../src/store/sqlite_protocol.ts";
import { SqliteReads } from "../../src/store/sqlite_reads.ts";

/** Answers each query by its own text, twice, or with nothing at all. */
class Echo extends SqliteReads {
  override query(...queries: readonly SqlStatement[]): Promise<SqlRow[][]> {
    const answers = queries.filter(({ sql }) => sql !== "nothing");
    return Promise.resolve(answers.map(({ sql }) => [{ sql }, { sql }]));
  }
}

Deno.test("SqliteReads.rows() are those of one query, or none", async () => {
  const reads = new Echo();
  assert.deepEqual(await reads.rows({ sql: "a" }), [{ sql: "a" }, {
    sql: "a",
  }]);
  assert.deepEqual(await reads.rows({ sql: "nothing" }), []);
});

Deno.test("SqliteReads.items() are what the rows say", async () => {
  const items = await new Echo().items({ sql: "b" }, ({ sql }) => `${sql}!`);
  assert.deepEqual(items, ["b!", "b!"]);
});
