/**
 * Claims on files: a database that one process holds, a copy that is new.
 *
 * The lock is the kernel's, on a file beside the database: it goes with its
 * process, however that ends. It is not on the database itself, because
 * SQLite's own locks on that file are lost when any other handle of it closes.
 *
 * @module
 */

import { StoreError } from "./store.ts";

/**
 * Takes a database for this process alone, until the result is disposed.
 *
 * @throws {Error} when another process, or another store of this one, holds it,
 * or when its folder does not exist or may not be written.
 */
export async function lockDatabase(path: string): Promise<Disposable> {
  const file = await openLock(path);
  let isHeld = false;
  try {
    isHeld = await file.tryLock(true);
  } finally {
    if (!isHeld) file.close();
  }
  if (isHeld) return { [Symbol.dispose]: () => release(file) };
  throw new Error(
    `Cannot open the database: another process holds it: "${path}"`,
  );
}

/**
 * Lets go at once. Closing alone leaves the lock with a child process that is
 * just being started and has not let go of its copy of the file.
 */
function release(file: Deno.FsFile): void {
  file.unlockSync();
  file.close();
}

async function openLock(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(`${path}.lock`, { write: true, create: true });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "its folder does not exist"
      : "its folder cannot be written";
    const options = { cause };
    throw new Error(`Cannot open the database: ${reason}: "${path}"`, options);
  }
}

/**
 * Makes an empty file, to be written by someone else.
 *
 * @throws {StoreError} when there is one already, or it cannot be made.
 */
export async function claimNewFile(path: string): Promise<void> {
  try {
    const file = await Deno.open(path, { write: true, createNew: true });
    file.close();
  } catch (cause) {
    const reason = cause instanceof Deno.errors.AlreadyExists
      ? "the file exists"
      : "the file cannot be made";
    throw new StoreError("io", `Cannot write the copy: ${reason}`, { cause });
  }
}

/** Removes a file that {@linkcode claimNewFile} made. */
export async function dropNewFile(path: string): Promise<void> {
  await Deno.remove(path);
}

/** Streams a file, and removes its name at once: only the stream holds it. */
export async function readAndDrop(
  path: string,
): Promise<ReadableStream<Uint8Array>> {
  const file = await Deno.open(path, { read: true });
  await dropNewFile(path);
  return file.readable;
}
