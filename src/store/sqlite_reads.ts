/**
 * What can be read from: a connection, or several in one.
 *
 * @module
 */

import type { SqlRow, SqlStatement } from "./sqlite_protocol.ts";

/** Reads reject with `StoreError` when the database cannot do it. */
export abstract class SqliteReads {
  /** The rows of each query; all see the same state of the database. */
  abstract query(...queries: readonly SqlStatement[]): Promise<SqlRow[][]>;

  /** The rows of one query. */
  async rows(query: SqlStatement): Promise<SqlRow[]> {
    const [rows = []] = await this.query(query);
    return rows;
  }

  /** What the rows of one query say. */
  async items<Item>(
    query: SqlStatement,
    read: (row: SqlRow) => Item,
  ): Promise<Item[]> {
    const rows = await this.rows(query);
    return rows.map(read);
  }
}
