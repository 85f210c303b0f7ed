/**
 * The files that users upload: which are taken, and where they are kept.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Ids } from "../base/ids.ts";
import { ChatError } from "../wire/errors.ts";
import {
  extensionOf,
  FILE_BYTES_MAX,
  type FileKind,
  HEAD_BYTES,
  type Serving,
  servingOf,
} from "./file_format.ts";
import { OpenUploads } from "./open_uploads.ts";
import type { ByteRange, StoredFile, UploadFolder } from "./upload_folder.ts";

export interface UploadsOptions {
  /** Absent takes no file. */
  readonly folder?: UploadFolder | undefined;
  readonly totalBytesMax: number;
  /** Bytes of uploads that are under way at a time. */
  readonly openBytesMax?: number;
  readonly ids: Ids;
}

/** A file, and how to serve it. */
export interface ServedFile extends StoredFile, Serving {
  /** What is served of it; absent is all. */
  readonly range?: ByteRange;
}

/**
 * A stored name: a UUID whose last group is the sender's, the kind that it was
 * uploaded as, and its format.
 */
const NAME =
  /^[0-9a-f-]{24}([0-9a-f]{12})-(image|audio|file|video)\.([a-z0-9]{2,4})$/;

/** Hexadecimal digits of a name that are its sender's: the last group. */
const SENDER_DIGITS = 12;

/** Uploads that are under way hold this much memory at most, by default. */
const OPEN_BYTES_MAX = 128 * 2 ** 20;

/**
 * The uploads of one server. Where the disk fails, a call rejects with
 * `FolderError`.
 */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #open: OpenUploads;
  #counting: Promise<void> | undefined;
  #totalBytes = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#open = new OpenUploads(options.openBytesMax ?? OPEN_BYTES_MAX);
  }

  /** Bytes of all files, once the first upload has had them counted. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /**
   * Makes room in memory for an upload before it is read; dispose of it when
   * the upload is over.
   *
   * @param bytes what the sender announced.
   * @throws {ChatError} `file_too_large`, `busy`, or `storage_unavailable`.
   */
  admit(kind: FileKind, bytes: number, userId: string): Disposable {
    this.#requireFolder();
    if (bytes > FILE_BYTES_MAX[kind] + FORM_BYTES_MAX) {
      throw new ChatError("file_too_large");
    }
    return this.#open.admit(userId, bytes);
  }

  /**
   * Keeps a file.
   *
   * @returns its name in the room.
   * @throws {ChatError} `file_too_large`, `file_refused`, `uploads_full`, or
   * `storage_unavailable`.
   */
  async keep(
    roomId: string,
    kind: FileKind,
    bytes: Uint8Array,
    { userId = "" }: { readonly userId?: string } = {},
  ): Promise<string> {
    const folder = this.#requireFolder();
    if (bytes.length > FILE_BYTES_MAX[kind]) {
      throw new ChatError("file_too_large");
    }
    const extension = extensionOf(kind, bytes.subarray(0, HEAD_BYTES));
    if (extension === undefined || bytes.length === 0) {
      throw new ChatError("file_refused");
    }
    const id = this.#options.ids.uuid().slice(0, -SENDER_DIGITS);
    const name = `${id}${senderDigits(userId)}-${kind}.${extension}`;
    await this.#reserve(folder, bytes.length);
    try {
      await folder.write(roomId, name, bytes);
      return name;
    } catch (cause) {
      this.#giveBack(bytes.length);
      throw cause;
    }
  }

  /**
   * Removes a file that a user brought. Any message can name a file; one that
   * somebody else brought stays.
   */
  async discard(roomId: string, name: string, userId: string): Promise<void> {
    const [, sender] = NAME.exec(name) ?? [];
    if (sender !== senderDigits(userId)) return;
    const { folder } = this.#options;
    const bytes = await folder?.size(roomId, name);
    if (bytes === undefined) return;
    await folder?.remove(roomId, name);
    this.#giveBack(bytes);
  }

  /**
   * The bytes of a file.
   *
   * @throws {ChatError} `file_not_found`.
   */
  async size(roomId: string, name: string): Promise<number> {
    const bytes = NAME.test(name)
      ? await this.#options.folder?.size(roomId, name)
      : undefined;
    if (bytes === undefined) throw new ChatError("file_not_found");
    return bytes;
  }

  /**
   * Opens a file to be served.
   *
   * @param range which part of it.
   * @throws {ChatError} `file_not_found`.
   */
  async open(
    roomId: string,
    name: string,
    range?: ByteRange,
  ): Promise<ServedFile> {
    const [, , kind = "", extension = ""] = NAME.exec(name) ?? [];
    const file = kind === ""
      ? undefined
      : await this.#options.folder?.open(roomId, name, range);
    if (file === undefined) throw new ChatError("file_not_found");
    const part = range === undefined ? {} : { range };
    return { ...file, ...servingOf(kind, extension), ...part };
  }

  /** Removes all files of a room. */
  async removeRoom(roomId: string): Promise<void> {
    const bytes = await this.#options.folder?.removeRoom(roomId) ?? 0;
    this.#giveBack(bytes);
  }

  /** Counts a file in, before it is written. */
  async #reserve(folder: UploadFolder, bytes: number): Promise<void> {
    this.#counting ??= this.#count(folder);
    await this.#counting;
    if (this.#totalBytes + bytes > this.#options.totalBytesMax) {
      throw new ChatError("uploads_full");
    }
    this.#totalBytes += bytes;
  }

  async #count(folder: UploadFolder): Promise<void> {
    try {
      this.#totalBytes = await folder.totalBytes();
    } catch (cause) {
      this.#counting = undefined;
      throw cause;
    }
  }

  #giveBack(bytes: number): void {
    // What is not counted yet is counted when it is first needed.
    if (this.#counting === undefined) return;
    this.#totalBytes = Math.max(0, this.#totalBytes - bytes);
  }

  #requireFolder(): UploadFolder {
    const { folder } = this.#options;
    if (folder !== undefined) return folder;
    const message = "This server takes no files";
    throw new ChatError("storage_unavailable", { message });
  }
}

/** What a form takes beside the file, in bytes at most. */
export const FORM_BYTES_MAX = 16 * 1024;

/** What a user's files have in their names, to know one's own by. */
function senderDigits(userId: string): string {
  const digest = createHash("sha256").update(userId).digest("hex");
  return digest.slice(0, SENDER_DIGITS);
}
