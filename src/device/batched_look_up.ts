/**
 * Look-ups in the database that go together.
 *
 * After a restart thousands of devices ask at the same moment, and a query for
 * hundreds of keys costs little more than a query for one. So one read runs at
 * a time, and what is asked for meanwhile goes with the next.
 *
 * @module
 */

import { ChatError } from "../wire/errors.ts";

/** What a look-up reads with, and its bounds. */
export interface LookUpOptions<Value> {
  /** The values of those keys that have one. */
  readonly read: (
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, Value>>;
  /** Most keys of one read. */
  readonly keysMax: number;
  /** Most keys that wait for a read to begin. */
  readonly waitingMax: number;
}

/** The bounds for what devices ask. */
export const LOOK_UP_BOUNDS = { keysMax: 500, waitingMax: 50_000 } as const;

const BUSY_MS = 1000;

type Answer<Value> = PromiseWithResolvers<Value | undefined>;

/** Finds values by key, many in one read. */
export class BatchedLookUp<Value> {
  readonly #options: LookUpOptions<Value>;
  /** Key → what all who asked for it share, oldest first. */
  readonly #waiting = new Map<string, Answer<Value>>();
  #isReading = false;

  constructor(options: LookUpOptions<Value>) {
    this.#options = options;
  }

  /**
   * The value of a key, from a read that begins after this call; `undefined`
   * when it has none. Rejects as that read does.
   *
   * @throws {ChatError} `busy`, as a rejection, when too many keys wait.
   */
  find(key: string): Promise<Value | undefined> {
    const asked = this.#waiting.get(key);
    if (asked !== undefined) return asked.promise;
    if (this.#waiting.size >= this.#options.waitingMax) {
      const message = "Too many look-ups wait: try again later";
      const refusal = new ChatError("busy", { message, retryAfterMs: BUSY_MS });
      return Promise.reject(refusal);
    }
    const answer: Answer<Value> = Promise.withResolvers();
    this.#waiting.set(key, answer);
    if (!this.#isReading) void this.#readAll();
    return answer.promise;
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#waiting.size > 0) await this.#readSome();
    this.#isReading = false;
  }

  async #readSome(): Promise<void> {
    const answers = this.#take();
    try {
      const found = await this.#options.read([...answers.keys()]);
      for (const [key, { resolve }] of answers) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of answers.values()) reject(error);
    }
  }

  #take(): Map<string, Answer<Value>> {
    const taken = new Map<string, Answer<Value>>();
    for (const [key, answer] of this.#waiting) {
      if (taken.size === this.#options.keysMax) break;
      this.#waiting.delete(key);
      taken.set(key, answer);
    }
    return taken;
  }
}
