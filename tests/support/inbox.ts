/**
 * What arrives one by one and is asked for by kind.
 *
 * @module
 */

import { within } from "./within.ts";

/** One who waits for an item. */
interface Waiter<Item> {
  readonly fits: (item: Item) => boolean;
  readonly resolve: (item: Item) => void;
  readonly reject: (error: Error) => void;
}

/** Items in the order of their arrival; each is taken once. */
export class Inbox<Item> {
  /** Everything that ever arrived. */
  readonly all: Item[] = [];
  readonly #waiting: Item[] = [];
  readonly #waiters = new Set<Waiter<Item>>();
  #end: string | undefined;

  /** What arrived and was not taken. */
  get untaken(): readonly Item[] {
    return this.#waiting;
  }

  put(item: Item): void {
    this.all.push(item);
    for (const waiter of this.#waiters) {
      if (!waiter.fits(item)) continue;
      this.#waiters.delete(waiter);
      return waiter.resolve(item);
    }
    this.#waiting.push(item);
  }

  /** Nothing more will arrive; whoever waits is told why. */
  end(reason: string): void {
    this.#end ??= reason;
    for (const { reject } of this.#waiters) reject(new Error(reason));
    this.#waiters.clear();
  }

  /** Takes the first item that fits, when it arrives. */
  async take(fits: (item: Item) => boolean, what: string): Promise<Item> {
    const index = this.#waiting.findIndex(fits);
    const [found] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (found !== undefined) return found;
    if (this.#end !== undefined) {
      throw new Error(`No ${what} came: ${this.#end}; ${this.#rest()}`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Item>();
    this.#waiters.add({ fits, resolve, reject });
    return await within(promise, { what: () => `${what}; ${this.#rest()}` });
  }

  /** Takes all that is there. */
  takeAll(): Item[] {
    return this.#waiting.splice(0);
  }

  #rest(): string {
    const last = this.#waiting.slice(-5).map((item) => JSON.stringify(item));
    return `untaken: ${this.#waiting.length}, the last ${last.join(" ")}`;
  }
}
