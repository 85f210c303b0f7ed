/**
 * The memory that uploads hold while they are under way.
 *
 * It is set aside by what a sender announces, so a sender who announces much
 * and sends nothing would keep everybody else out: one user gets a share.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";

/** Most uploads of one user that are under way at a time. */
export const USER_UPLOADS_MAX = 2;

/** Which part of the memory a user's second upload may make theirs. */
const USER_SHARE = 1 / 4;

/** What one user has under way. */
interface Held {
  count: number;
  bytes: number;
}

/** Uploads that are under way. */
export class OpenUploads {
  readonly #bytesMax: number;
  readonly #held = new Map<string, Held>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Users who have an upload under way. */
  get userCount(): number {
    return this.#held.size;
  }

  /**
   * Sets memory aside until what is returned is disposed of. A user's only
   * upload may be of any size that there is memory for.
   *
   * @throws {ChatError} `busy`.
   */
  admit(userId: string, bytes: number): Disposable {
    const held = this.#held.get(userId) ?? { count: 0, bytes: 0 };
    const isMuch = held.bytes + bytes > this.#bytesMax * USER_SHARE;
    const isShareSpent = held.count >= USER_UPLOADS_MAX ||
      (held.count > 0 && isMuch);
    if (isShareSpent) throw busy("Your other uploads are not over yet");
    if (this.#bytes + bytes > this.#bytesMax) {
      throw busy("Too many uploads are under way");
    }
    this.#held.set(userId, held);
    this.#add(held, { count: 1, bytes });
    return { [Symbol.dispose]: () => this.#release(userId, held, bytes) };
  }

  #release(userId: string, held: Held, bytes: number): void {
    this.#add(held, { count: -1, bytes: -bytes });
    if (held.count === 0) this.#held.delete(userId);
  }

  #add(held: Held, { count, bytes }: Held): void {
    held.count += count;
    held.bytes += bytes;
    this.#bytes += bytes;
  }
}

function busy(message: string): ChatError {
  return new ChatError("busy", { message, retryAfterMs: 1000 });
}
