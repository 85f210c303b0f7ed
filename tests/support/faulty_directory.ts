/**
 * A journal folder on a real disk that fails when the test says so.
 *
 * @module
 */

import { DiskJournalDirectory } from "../../src/record/disk_journal_directory.ts";
import type {
  JournalDirectory,
  SegmentFile,
} from "../../src/record/journal_directory.ts";

/** Passes everything on, unless a fault is set. */
export class FaultyDirectory implements JournalDirectory {
  readonly #disk: DiskJournalDirectory;
  /** Bytes that still fit on the disk; a write past them is short, then fails. */
  roomBytes = Infinity;
  /** Most bytes that one write takes. */
  writeBytesMax = Infinity;
  canTruncate = true;
  canCreate = true;
  canRemove = true;
  /** Set: a sync waits for it, and fails as it fails. */
  syncGate: Promise<void> | undefined;
  /** How many syncs of segments began. */
  syncs = 0;
  canSyncNow = true;
  /** The segments that were synced while nothing else happened. */
  readonly syncedNow: string[] = [];
  /** How many syncs of the folder began. */
  folderSyncs = 0;
  /** Names that were made, in order. */
  readonly created: string[] = [];

  constructor(path: string) {
    this.#disk = new DiskJournalDirectory(path);
  }

  list(): string[] {
    return this.#disk.list();
  }

  create(name: string): SegmentFile {
    if (!this.canCreate) throw new Error("Too many open files");
    this.created.push(name);
    const file = this.#disk.create(name);
    return {
      write: (bytes) => this.#write(file, bytes),
      truncate: (bytes) => {
        if (!this.canTruncate) throw new Error("Input/output error");
        file.truncate(bytes);
      },
      sync: async () => {
        this.syncs += 1;
        await this.syncGate;
        await file.sync();
      },
      syncNow: () => {
        if (!this.canSyncNow) throw new Error("Input/output error");
        this.syncedNow.push(name);
        file.syncNow();
      },
      close: () => file.close(),
    };
  }

  read(name: string): AsyncIterable<Uint8Array<ArrayBuffer>> {
    return this.#disk.read(name);
  }

  rename(from: string, to: string): void {
    this.#disk.rename(from, to);
  }

  remove(name: string): void {
    if (!this.canRemove) throw new Error("Operation not permitted");
    this.#disk.remove(name);
  }

  sync(): Promise<void> {
    this.folderSyncs += 1;
    return this.#disk.sync();
  }

  #write(file: SegmentFile, bytes: Uint8Array<ArrayBuffer>): number {
    const most = Math.min(this.roomBytes, this.writeBytesMax);
    if (this.roomBytes === 0) throw new Error("No space left on device");
    const written = file.write(bytes.subarray(0, most));
    this.roomBytes -= written;
    return written;
  }
}
