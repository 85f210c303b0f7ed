/**
 * Receipts of recent sends, so that a send repeated after a lost connection is
 * answered and not said again.
 *
 * @module
 */

import { IDEMPOTENCY_MS } from "../wire/limits.ts";

/** Where an accepted message stands in the log. */
export interface Receipt {
  readonly id: string;
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Receipts of one room, of the last 10 minutes. */
export class SendLedger {
  /** Receipts by user and client message id, oldest first. */
  readonly #receipts = new Map<string, Receipt>();
  readonly #sizeMax: number;

  constructor({ sizeMax }: { sizeMax: number }) {
    this.#sizeMax = sizeMax;
  }

  /** The receipt of the same send within the last 10 minutes. */
  find(userId: string, clientMsgId: string, now: number): Receipt | undefined {
    const receipt = this.#receipts.get(keyOf(userId, clientMsgId));
    const isFresh = receipt !== undefined && now - receipt.at < IDEMPOTENCY_MS;
    return isFresh ? receipt : undefined;
  }

  /**
   * Keeps a receipt.
   *
   * @returns how many fresh ones were forgotten because the ledger is full.
   */
  keep(userId: string, clientMsgId: string, receipt: Receipt): number {
    const key = keyOf(userId, clientMsgId);
    this.#receipts.delete(key);
    this.#receipts.set(key, receipt);
    let evicted = 0;
    for (const [oldest, { at }] of this.#receipts) {
      const isStale = receipt.at - at >= IDEMPOTENCY_MS;
      const isOver = this.#receipts.size > this.#sizeMax;
      if (!isStale && !isOver) break;
      if (!isStale) evicted += 1;
      this.#receipts.delete(oldest);
    }
    return evicted;
  }

  get size(): number {
    return this.#receipts.size;
  }
}

/** A length in front keeps `("a", "b:c")` and `("a:b", "c")` apart. */
function keyOf(userId: string, clientMsgId: string): string {
  return `${userId.length}:${userId}${clientMsgId}`;
}
