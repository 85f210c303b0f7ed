/**
 * The few file operations that the journal needs, and its files' names.
 *
 * An interface, so that a test can let a disk fill up or fail.
 *
 * @module
 */

/** One segment, open for writing at its end. Errors are thrown. */
export interface SegmentFile {
  /** Writes at the end; answers how many bytes were written, maybe not all. */
  write(bytes: Uint8Array<ArrayBuffer>): number;
  /** Cuts the file to a length, in bytes; what follows is written there. */
  truncate(bytes: number): void;
  /** Resolves when all that was written before the call survives power loss. */
  sync(): Promise<void>;
  /** The same, and nothing else happens meanwhile. */
  syncNow(): void;
  close(): void;
}

/** The folder that the segments are in. Errors are thrown. */
export interface JournalDirectory {
  /** The names of all files in it, in any order. */
  list(): string[];
  /** Makes a file and opens it. A file of that name must not exist. */
  create(name: string): SegmentFile;
  /** The bytes of a file from its start, in pieces of bounded size. */
  read(name: string): AsyncIterable<Uint8Array<ArrayBuffer>>;
  rename(from: string, to: string): void;
  remove(name: string): void;
  /** Resolves when the names of the files survive power loss. */
  sync(): Promise<void>;
}

const NUMBER_DIGITS = 10;
const SEGMENT_NAME = /^(\d{10,15})\.ndjson(?:\.damaged)?$/;

/** A segment's file name; names sort as their numbers do. */
export function segmentName(number: number): string {
  return `${String(number).padStart(NUMBER_DIGITS, "0")}.ndjson`;
}

/** What a segment is called that was read in part and kept for a human. */
export function damagedName(name: string): string {
  return `${name}.damaged`;
}

/** The number in a segment's name, damaged or not; `undefined` for any other. */
export function segmentNumberOf(name: string): number | undefined {
  const digits = SEGMENT_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether a file is a segment to be replayed. */
export function isSegmentName(name: string): boolean {
  return segmentNumberOf(name) !== undefined && name.endsWith(".ndjson");
}
