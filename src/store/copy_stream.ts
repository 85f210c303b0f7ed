/**
 * A copy of the database as a stream, for a backup over HTTP.
 *
 * The copy is a file until it is read: the database goes on meanwhile, and a
 * slow reader holds no transaction open.
 *
 * @module
 */

import { dropNewFile, readAndDrop } from "./file_lock.ts";
import type { Store } from "./store.ts";

/**
 * Copies the database and answers the copy's bytes; the file behind it is gone
 * once they are read or no longer wanted.
 *
 * @param path a file that does not exist, where writing is allowed.
 * @throws StoreError when it cannot be copied.
 */
export async function copyStream(
  store: Pick<Store, "backup">,
  path: string,
): Promise<ReadableStream<Uint8Array>> {
  await store.backup(path);
  try {
    return await readAndDrop(path);
  } catch (error) {
    await dropNewFile(path);
    throw error;
  }
}
