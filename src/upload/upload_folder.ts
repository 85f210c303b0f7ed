/**
 * Where uploaded files are, as the rest of Parlor sees it.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** A stored file, from one byte on. */
export interface StoredFile {
  /** Of the whole file. */
  readonly bytes: number;
  /** The part that was asked for; reading it to the end closes it. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A part of a file, in bytes; both ends are included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A folder of files, in one folder a room. Every call rejects with
 * {@linkcode FolderError} when the disk cannot do it.
 */
export interface UploadFolder {
  /** Bytes of all files. */
  totalBytes(): Promise<number>;
  /** Writes a file whole, or not at all. */
  write(roomId: string, name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes of a file; `undefined` when there is none. */
  size(roomId: string, name: string): Promise<number | undefined>;
  /** Opens a file; `undefined` when there is none. */
  open(
    roomId: string,
    name: string,
    range?: ByteRange,
  ): Promise<StoredFile | undefined>;
  /** Removes one file, if it is there. */
  remove(roomId: string, name: string): Promise<void>;
  /**
   * Removes a room's files.
   *
   * @returns how many bytes they had.
   */
  removeRoom(roomId: string): Promise<number>;
}

/** A folder could not do what was asked. The `cause` is for the log alone. */
export class FolderError extends Error {
  override readonly name = "FolderError";
  /** Whether the disk, or what it grants the server, is full. */
  readonly isFull: boolean;

  constructor(
    message: string,
    options: { readonly isFull: boolean; readonly cause: unknown },
  ) {
    super(message, options);
    this.isFull = options.isFull;
  }
}

/**
 * The name of a room's folder. A room's id may be any text: one that could be
 * a path, or too long for a name, is named by its SHA-256, behind a letter that
 * no plain name has. So is one with capitals, which some disks do not tell from
 * small letters.
 */
export function folderName(roomId: string): string {
  if (/^[a-z0-9_-]{1,128}$/.test(roomId)) return roomId;
  return `~${createHash("sha256").update(roomId).digest("hex")}`;
}
