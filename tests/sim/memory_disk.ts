/**
 * A disk in memory, for the journal of a simulated server.
 *
 * It outlives the process that writes it. A crash keeps what was written; a
 * power loss keeps what was synced. A process that has died writes nothing
 * more, however late its promises resolve.
 *
 * @module
 */

import type {
  JournalDirectory,
  SegmentFile,
} from "../../src/record/journal_directory.ts";
import { parseJournalLine } from "../../src/record/journal_line.ts";

interface StoredFile {
  /** What was written; the simulation says nothing beyond ASCII. */
  text: string;
  syncedLength: number;
  isNameSynced: boolean;
}

/** A process's use of the disk, until it dies. */
interface Mount {
  isAlive: boolean;
}

/** Files that a test may fill up, break and cut off. */
export class MemoryDisk {
  readonly #files = new Map<string, StoredFile>();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #mount: Mount = { isAlive: false };
  #syncs: (() => void)[] = [];
  /** Bytes that still fit; a write past them is short, then fails. */
  freeBytes = Infinity;
  canTruncate = true;
  canCreate = true;
  canSync = true;
  /** Whether syncs wait for {@linkcode heal}. */
  areSyncsHeld = false;

  /** The disk as the next process sees it. */
  mount(): JournalDirectory {
    const mount = this.#mount = { isAlive: true };
    return {
      list: () => [...this.#files.keys()],
      create: (name) => this.#create(name, mount),
      read: (name) => this.#read(name),
      rename: (from, to) => {
        const file = this.#file(from);
        this.#files.delete(from);
        this.#files.set(to, file);
      },
      remove: (name) => void (mount.isAlive && this.#files.delete(name)),
      sync: async () => {
        const files = [...this.#files.values()];
        await this.#synced();
        for (const file of files) file.isNameSynced = true;
      },
    };
  }

  /** Whether a line that can be read again names this id. */
  holds(id: string): boolean {
    for (const { text } of this.#files.values()) {
      const at = text.lastIndexOf(id);
      if (at < 0) continue;
      const line = text.slice(
        text.lastIndexOf("\n", at) + 1,
        text.indexOf("\n", at),
      );
      const parsed = parseJournalLine(this.#encoder.encode(line));
      return "record" in parsed;
    }
    return false;
  }

  /** All faults are over. */
  heal(): void {
    this.freeBytes = Infinity;
    this.canTruncate = true;
    this.canCreate = true;
    this.canSync = true;
    this.releaseSyncs();
  }

  /** The syncs that wait go on. */
  releaseSyncs(): void {
    this.areSyncsHeld = false;
    for (const go of this.#syncs.splice(0)) go();
  }

  /** The process dies, in the middle of one more append when it is torn. */
  crash({ isTorn }: { isTorn: boolean }): void {
    this.#mount.isAlive = false;
    this.#syncs = [];
    const last = [...this.#files.keys()].sort().at(-1);
    if (isTorn && last !== undefined) {
      this.#file(last).text += '{"crc":"01234567","more":0,"rec';
    }
  }

  /** The machine dies: what no sync has covered is gone. */
  losePower(): void {
    this.crash({ isTorn: false });
    for (const [name, file] of this.#files) {
      if (!file.isNameSynced) this.#files.delete(name);
      file.text = file.text.slice(0, file.syncedLength);
    }
  }

  #create(name: string, mount: Mount): SegmentFile {
    if (!this.canCreate) throw new Error("Too many open files");
    const file = { text: "", syncedLength: 0, isNameSynced: false };
    this.#files.set(name, file);
    return {
      write: (bytes) => this.#write(file, bytes, mount),
      truncate: (length) => {
        if (!this.canTruncate || !mount.isAlive) {
          throw new Error("Input/output error");
        }
        file.text = file.text.slice(0, length);
        file.syncedLength = Math.min(file.syncedLength, length);
      },
      sync: async () => {
        const { length } = file.text;
        await this.#synced();
        if (!mount.isAlive) return;
        const kept = Math.min(length, file.text.length);
        file.syncedLength = Math.max(file.syncedLength, kept);
      },
      syncNow: () => {
        if (mount.isAlive) file.syncedLength = file.text.length;
      },
      close: () => {},
    };
  }

  #write(
    file: StoredFile,
    bytes: Uint8Array<ArrayBuffer>,
    { isAlive }: Mount,
  ): number {
    if (this.freeBytes === 0 || !isAlive) {
      throw new Error("No space left on device");
    }
    const part = bytes.subarray(0, this.freeBytes);
    file.text += this.#decoder.decode(part);
    this.freeBytes -= part.length;
    return part.length;
  }

  async *#read(name: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    await Promise.resolve();
    yield this.#encoder.encode(this.#file(name).text);
  }

  async #synced(): Promise<void> {
    if (this.areSyncsHeld) {
      await new Promise<void>((resolve) => this.#syncs.push(resolve));
    }
    if (!this.canSync) throw new Error("Input/output error");
  }

  #file(name: string): StoredFile {
    const file = this.#files.get(name);
    if (file === undefined) throw new Error(`Cannot find ${name}`);
    return file;
  }
}
