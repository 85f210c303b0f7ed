/**
 * A database that is locked by somebody else.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** This process locks the database of another, until disposed. */
export function lockDatabase(path: string): Disposable {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 30000");
  database.exec("BEGIN EXCLUSIVE");
  return {
    [Symbol.dispose]: () => {
      database.exec("ROLLBACK");
      database.close();
    },
  };
}
