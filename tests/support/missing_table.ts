/**
 * A database of which a part cannot be read or written.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** Takes a table away from the server that runs on a file, until disposed. */
export function hideTable(path: string, table: string): Disposable {
  rename(path, table, `${table}_hidden`);
  return {
    [Symbol.dispose]: () => rename(path, `${table}_hidden`, table),
  };
}

function rename(path: string, from: string, to: string): void {
  using database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 30000");
  // Views that name the table are to name it again afterwards.
  database.exec("PRAGMA legacy_alter_table = ON");
  database.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
}
