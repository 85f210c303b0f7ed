/**
 * The operator's key, and the only way to compare it.
 *
 * Both sides are hashed first: the comparison then takes the same time for
 * every guess, whatever its length, and the key itself is not kept.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";

/** The key of `X-Api-Key`. */
export class ApiKey {
  readonly #digest: Buffer;

  /** @throws {RangeError} if the key is empty: it would match a blank header. */
  constructor(key: string) {
    if (key === "") throw new RangeError("Cannot use an empty API key");
    this.#digest = digest(key);
  }

  /** Whether this is the key. An absent one is not. */
  matches(given: string | null | undefined): boolean {
    return timingSafeEqual(digest(given ?? ""), this.#digest);
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
