/**
 * Uploaded files on a real disk: the only file of the uploads that knows the
 * file system.
 *
 * Files are private: they and their folders are the owner's alone.
 *
 * @module
 */

import {
  type ByteRange,
  FolderError,
  folderName,
  type StoredFile,
  type UploadFolder,
} from "./upload_folder.ts";

/** What a file is called while it is being written. */
const PARTIAL = ".part";

const CHUNK_BYTES = 64 * 1024;

/** A folder of uploaded files on disk. It is made with the first file. */
export class DiskUploadFolder implements UploadFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async totalBytes(): Promise<number> {
    let bytes = 0;
    for (const room of await entriesOf(this.#path)) {
      if (room.isDirectory) {
        bytes += await bytesIn(`${this.#path}/${room.name}`);
      }
    }
    return bytes;
  }

  async write(roomId: string, name: string, bytes: Uint8Array): Promise<void> {
    const folder = this.#folder(roomId);
    const partial = `${folder}/${name}${PARTIAL}`;
    try {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      await Deno.writeFile(partial, bytes, { mode: 0o600 });
      await Deno.rename(partial, `${folder}/${name}`);
    } catch (cause) {
      // What cannot be removed now either goes with its room.
      await Deno.remove(partial).catch(() => {});
      throw folderError(cause);
    }
  }

  async size(roomId: string, name: string): Promise<number | undefined> {
    const facts = await ifThere(Deno.stat(this.#at(roomId, name)));
    return facts?.isFile ? facts.size : undefined;
  }

  async open(
    roomId: string,
    name: string,
    range?: ByteRange,
  ): Promise<StoredFile | undefined> {
    const bytes = await this.size(roomId, name);
    if (bytes === undefined) return undefined;
    const file = await ifThere(Deno.open(this.#at(roomId, name)));
    if (file === undefined) return undefined;
    if (range === undefined) return { bytes, body: file.readable };
    await seek(file, range.from);
    return { bytes, body: partOf(file, range.to - range.from + 1) };
  }

  async remove(roomId: string, name: string): Promise<void> {
    await ifThere(Deno.remove(this.#at(roomId, name)));
  }

  async removeRoom(roomId: string): Promise<number> {
    const folder = this.#folder(roomId);
    const bytes = await bytesIn(folder);
    await ifThere(Deno.remove(folder, { recursive: true }));
    return bytes;
  }

  #folder(roomId: string): string {
    return `${this.#path}/${folderName(roomId)}`;
  }

  #at(roomId: string, name: string): string {
    return `${this.#folder(roomId)}/${name}`;
  }
}

/** The next bytes of a file, which is closed after them. */
function partOf(
  file: Deno.FsFile,
  count: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = count;
  return new ReadableStream({
    async pull(controller) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, left));
      const size = left === 0 ? null : await file.read(chunk);
      if (size === null) {
        file.close();
        return controller.close();
      }
      left -= size;
      controller.enqueue(chunk.subarray(0, size));
    },
    cancel() {
      file.close();
    },
  });
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const { name, isFile } of await entriesOf(folder)) {
    if (!isFile) continue;
    bytes += (await ifThere(Deno.stat(`${folder}/${name}`)))?.size ?? 0;
  }
  return bytes;
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  return await ifThere(Array.fromAsync(Deno.readDir(folder))) ?? [];
}

async function seek(file: Deno.FsFile, offset: number): Promise<void> {
  try {
    await file.seek(offset, Deno.SeekMode.Start);
  } catch (cause) {
    file.close();
    throw folderError(cause);
  }
}

/** What an operation on a file answers; `undefined` when there is no file. */
async function ifThere<Value>(
  work: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw folderError(cause);
  }
}

function folderError(cause: unknown): FolderError {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new FolderError("Cannot use the folder of uploads", { isFull, cause });
}
