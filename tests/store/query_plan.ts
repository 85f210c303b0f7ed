/**
 * How SQLite finds the rows of a statement.
 *
 * @module
 */

import type { SqlStatement } from "../../src/store/sqlite_protocol.ts";
import { newMigrated } from "./fixture.ts";

/** How it would find the rows of each table, in SQLite's own words. */
export async function planOf(statement: SqlStatement): Promise<string> {
  await using connection = await newMigrated();
  const { sql, params = [] } = statement;
  const rows = await connection.rows({
    sql: `EXPLAIN QUERY PLAN ${sql}`,
    params,
  });
  return rows.map((row) => row.detail).join("\n");
}
