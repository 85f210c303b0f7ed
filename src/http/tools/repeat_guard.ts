/**
 * Refuses the same text by the same user in the same room within a second: a
 * button pressed twice (COMPAT 0.4).
 *
 * Only a digest of what was said is kept, and only for that second. At the
 * bound the oldest is forgotten, which lets a repetition through and harms
 * nobody.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import { ChatError } from "../../wire/errors.ts";

/** How long a text counts as just said. */
export const REPEAT_MS = 1000;

/** Most texts that are remembered at a time, in all rooms. */
export const REPEATS_MAX = 10_000;

/** What somebody is about to say. */
export interface Saying {
  readonly roomId: string;
  readonly userId: string;
  readonly content: string;
  readonly fileUrl?: string;
  /** The sender's own id: the same one again is a retry, not a repetition. */
  readonly clientMsgId?: string;
}

interface Said {
  readonly atMs: number;
  readonly clientMsgId: string | undefined;
}

/** What was said within the last second. */
export class RepeatGuard {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Oldest first. */
  readonly #said = new Map<string, Said>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** How many texts are remembered. */
  get size(): number {
    return this.#said.size;
  }

  /**
   * Says something unless it is a repetition. What was not said after all does
   * not count.
   *
   * @throws {ChatError} `rate_limited`, or what `say` throws.
   */
  async once<Value>(
    saying: Saying,
    say: () => Promise<Value>,
  ): Promise<Value> {
    const nowMs = this.#clock.monotonic();
    this.#forgetOld(nowMs);
    const key = keyOf(saying);
    const { clientMsgId } = saying;
    const last = this.#said.get(key);
    const isRetry = clientMsgId !== undefined &&
      clientMsgId === last?.clientMsgId;
    if (last !== undefined && !isRetry) {
      const retryAfterMs = Math.ceil(last.atMs + REPEAT_MS - nowMs);
      throw new ChatError("rate_limited", { retryAfterMs });
    }
    const said = { atMs: nowMs, clientMsgId };
    this.#said.delete(key);
    this.#makePlace();
    this.#said.set(key, said);
    try {
      return await say();
    } catch (cause) {
      if (this.#said.get(key) === said) this.#said.delete(key);
      throw cause;
    }
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { atMs }] of this.#said) {
      if (nowMs - atMs < REPEAT_MS) return;
      this.#said.delete(key);
    }
  }

  #makePlace(): void {
    if (this.#said.size < REPEATS_MAX) return;
    const [oldest] = this.#said.keys();
    if (oldest !== undefined) this.#said.delete(oldest);
  }
}

function keyOf({ roomId, userId, content, fileUrl }: Saying): string {
  const said = JSON.stringify([roomId, userId, content, fileUrl]);
  return createHash("sha256").update(said, "utf8").digest("base64");
}
