/**
 * The journal's folder on a real disk: the only file of the record keeping
 * that knows the file system.
 *
 * Messages are private: the folder and its files are the owner's alone.
 *
 * @module
 */

import type { JournalDirectory, SegmentFile } from "./journal_directory.ts";

const CHUNK_BYTES = 64 * 1024;

/** A folder of segments on disk. */
export class DiskJournalDirectory implements JournalDirectory {
  readonly #path: string;

  /** Makes the folder if it is not there. */
  constructor(path: string) {
    this.#path = path;
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  list(): string[] {
    return Array.from(Deno.readDirSync(this.#path))
      .filter(({ isFile }) => isFile)
      .map(({ name }) => name);
  }

  create(name: string): SegmentFile {
    const file = Deno.openSync(this.#at(name), {
      createNew: true,
      append: true,
      mode: 0o600,
    });
    return {
      write: (bytes) => file.writeSync(bytes),
      truncate: (bytes) => file.truncateSync(bytes),
      sync: () => file.syncData(),
      syncNow: () => file.syncDataSync(),
      close: () => file.close(),
    };
  }

  async *read(name: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    using file = await Deno.open(this.#at(name), { read: true });
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const size = await file.read(chunk);
      if (size === null) return;
      yield chunk.subarray(0, size);
    }
  }

  rename(from: string, to: string): void {
    Deno.renameSync(this.#at(from), this.#at(to));
  }

  remove(name: string): void {
    Deno.removeSync(this.#at(name));
  }

  async sync(): Promise<void> {
    using folder = await Deno.open(this.#path, { read: true });
    await folder.syncData();
  }

  #at(name: string): string {
    return `${this.#path}/${name}`;
  }
}
