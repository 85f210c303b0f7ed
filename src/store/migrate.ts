/**
 * Brings a database to the tables that this Parlor knows.
 *
 * @module
 */

import { integer } from "./row.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { StoreError } from "./store.ts";

/** How long one step may take, in ms: it may rewrite a whole table. */
const STEP_MS_MAX = 600_000;

/**
 * Takes the steps that are missing, each in one transaction with its number.
 *
 * @returns the numbers before and after.
 * @throws {StoreError} when the database is of a newer Parlor, or not Parlor's.
 */
export async function migrate(
  connection: SqliteConnection,
  migrations: readonly (readonly string[])[],
): Promise<{ from: number; to: number }> {
  const from = await readVersion(connection);
  const to = migrations.length;
  if (from > to) {
    throw new StoreError(
      "other",
      `Cannot open the database: its version is ${from}, ` +
        `and the newest known here is ${to}`,
    );
  }
  for (const [index, statements] of migrations.entries()) {
    const version = index + 1;
    if (version <= from) continue;
    const steps = [...statements, `PRAGMA user_version = ${version}`];
    const groups = steps.map((sql) => [{ sql }]);
    await connection.transaction(groups, STEP_MS_MAX);
  }
  return { from, to };
}

async function readVersion(connection: SqliteConnection): Promise<number> {
  const [[version] = [], [tables] = []] = await connection.query(
    { sql: "PRAGMA user_version" },
    { sql: "SELECT count(*) AS count FROM sqlite_schema" },
  );
  const number = version === undefined ? 0 : integer(version, "user_version");
  const count = tables === undefined ? 0 : integer(tables, "count");
  if (number === 0 && count > 0) {
    throw new StoreError(
      "other",
      "Cannot open the database: it holds tables of another program",
    );
  }
  return number;
}
