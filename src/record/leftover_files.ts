/**
 * Journal files that nothing needs any more.
 *
 * Usually each is removed at once. One that cannot be removed is kept by name
 * and tried again later: replayed at the next start it changes nothing, so it
 * may wait.
 *
 * @module
 */

import type { Log } from "../base/log.ts";
import { errorText } from "./failure_streak.ts";
import type { JournalDirectory } from "./journal_directory.ts";

/** Removes files, sooner or later. */
export class LeftoverFiles {
  readonly #directory: JournalDirectory;
  readonly #log: Log;
  readonly #names = new Set<string>();

  constructor(directory: JournalDirectory, log: Log) {
    this.#directory = directory;
    this.#log = log;
  }

  /** How many could not be removed yet. */
  get size(): number {
    return this.#names.size;
  }

  add(name: string): void {
    const error = this.#remove(name);
    if (error === undefined) return;
    this.#names.add(name);
    this.#log.warn(`Failed to remove journal segment ${name}: ${error}`, {
      event: "journal_remove_failed",
    });
  }

  /** Tries once more to remove what is left. */
  retry(): void {
    for (const name of this.#names) {
      if (this.#remove(name) === undefined) this.#names.delete(name);
    }
  }

  #remove(name: string): string | undefined {
    try {
      this.#directory.remove(name);
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  }
}
