/**
 * Copies of the database while it is in use.
 *
 * A file is read by a connection of its own, for a copy blocks the thread that
 * makes it until the last page: the rooms' writes go on beside it.
 *
 * @module
 */

import { claimNewFile, dropNewFile } from "./file_lock.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { storeError } from "./sqlite_failure.ts";

/** A connection to copy through, and what to do with it afterwards. */
export interface BackupReader {
  readonly connection: SqliteConnection;
  close(): Promise<void>;
}

/** Makes copies, one at a time; one more is refused as `busy`. */
export class Backups {
  readonly #openReader: () => Promise<BackupReader>;
  #isCopying = false;
  #isClosed = false;
  #reader: BackupReader | undefined;

  constructor(openReader: () => Promise<BackupReader>) {
    this.#openReader = openReader;
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
    await this.#reader?.close();
  }

  async #copy(path: string): Promise<void> {
    const reader = await this.#openReader();
    this.#reader = reader;
    try {
      if (this.#isClosed) throw storeError("closed");
      await reader.connection.backup(path);
    } catch (error) {
      await dropNewFile(path);
      throw error;
    } finally {
      this.#reader = undefined;
      await reader.close();
    }
  }
}
