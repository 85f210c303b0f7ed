/**
 * Copies of the database while it is in use.
 *
 * A file is read by a connection of its own, for a copy blocks the thread that
 * makes it until the last page: the rooms' writes go on beside it.
 *
 * A copy is another database than the one it is of: what happens after it is in
 * one of them only. So it names its stream of events anew, and a cursor of the
 * one is not taken for a place in the other.
 *
 * @module
 */

import { claimNewFile, dropNewFile } from "./file_lock.ts";
import { renewStreamEpoch } from "./meta_table.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";

/** A connection that a copy needs, and what to do with it afterwards. */
export interface BackupConnection {
  readonly connection: SqliteConnection;
  close(): Promise<void>;
}

/** Makes copies, one at a time; one more is refused as `busy`. */
export class Backups {
  readonly #openReader: () => Promise<BackupConnection>;
  readonly #openCopy: (path: string) => Promise<BackupConnection>;
  #isCopying = false;
  #isClosed = false;
  #open: BackupConnection | undefined;

  /**
   * @param openReader connects to the database that is copied.
   * @param openCopy connects to a copy; once closed, it is one file.
   */
  constructor(
    openReader: () => Promise<BackupConnection>,
    openCopy: (path: string) => Promise<BackupConnection>,
  ) {
    this.#openReader = openReader;
    this.#openCopy = openCopy;
  }

  /** Copies the whole database into a new file; leaves none when it fails. */
  async copyTo(path: string): Promise<void> {
    if (this.#isClosed) throw storeError("closed");
    if (this.#isCopying) throw storeError("busy", "Another copy is being made");
    this.#isCopying = true;
    try {
      await claimNewFile(path);
      await this.#copy(path);
    } finally {
      this.#isCopying = false;
    }
  }

  /** Refuses what comes, and breaks off a copy that takes more than 5 s. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#open?.close();
  }

  async #copy(path: string): Promise<void> {
    try {
      await this.#within(await this.#openReader(), (reader) => {
        return reader.backup(path);
      });
      await this.#within(await this.#openCopy(path), async (copy) => {
        await copy.transaction([renewStreamEpoch()]);
      });
    } catch (error) {
      await dropNewFile(path);
      throw error;
    }
  }

  async #within(
    open: BackupConnection,
    work: (connection: SqliteConnection) => Promise<void>,
  ): Promise<void> {
    this.#open = open;
    try {
      if (this.#isClosed) throw storeError("closed");
      await work(open.connection);
    } finally {
      this.#open = undefined;
      await open.close();
    }
  }
}
