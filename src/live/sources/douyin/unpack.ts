/**
 * Unpacks what gzip packed, up to a bound.
 *
 * Nearly every frame is small and is unpacked at once. A large one is unpacked
 * in steps, with turns of the event loop between them, and one at a time for
 * all connections: frames made to be unpacked into as much as possible hold up
 * nobody, and fill the memory once.
 *
 * @module
 */

import { createGunzip, gunzipSync } from "node:zlib";
import { nextTurn, type Yield } from "../../../base/turn.ts";
import type { FeedFault } from "../../source.ts";

/** Most bytes of a frame once it is unpacked. */
export const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;

/** Most bytes that are unpacked within one turn. */
const SMALL_BYTES_MAX = 512 * 1024;

/** Bytes that one step makes. */
const STEP_BYTES = 256 * 1024;

/** Bytes, or what is wrong with them. */
export type Unpacked = Uint8Array | FeedFault;

/** Unpacks for any number of connections. */
export class Unpacker {
  readonly #yield: Yield;
  /** Ends when the large frames that were given have been unpacked. */
  #large: Promise<unknown> = Promise.resolve();

  constructor(yieldTurn: Yield = nextTurn) {
    this.#yield = yieldTurn;
  }

  /** Unpacks; a promise only where it takes more than one turn. */
  unpack(packed: Uint8Array): Unpacked | Promise<Unpacked> {
    try {
      return gunzipSync(packed, { maxOutputLength: SMALL_BYTES_MAX });
    } catch (error) {
      if (!isTooLarge(error)) return "malformed";
    }
    const unpacked = this.#large.then(() => this.#inSteps(packed));
    this.#large = unpacked;
    return unpacked;
  }

  async #inSteps(packed: Uint8Array): Promise<Unpacked> {
    const parts: Uint8Array[] = [];
    let size = 0;
    const gunzip = createGunzip({ chunkSize: STEP_BYTES });
    gunzip.end(packed);
    try {
      for await (const part of gunzip) {
        size += part.length;
        if (size > UNPACKED_BYTES_MAX) return "unpacked_too_large";
        parts.push(part);
        await new Promise<void>((resolve) => this.#yield(resolve));
      }
    } catch {
      return "malformed";
    }
    return joined(parts, size);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    error.code === "ERR_BUFFER_TOO_LARGE";
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
