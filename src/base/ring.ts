/**
 * A first-in, first-out queue that grows and shrinks in constant time.
 *
 * `Array.shift` moves every element of a long array; a ring moves none.
 *
 * @module
 */

const CAPACITY_MIN = 16;

/** A queue on a circular array whose length is a power of two. */
export class Ring<Item> {
  #items: (Item | undefined)[] = new Array(CAPACITY_MIN);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: Item): void {
    if (this.#size === this.#items.length) this.#resize(this.#size * 2);
    this.#items[(this.#head + this.#size) & (this.#items.length - 1)] = item;
    this.#size += 1;
  }

  /** Removes the oldest item. */
  shift(): Item | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#size -= 1;
    const isSparse = this.#size < this.#items.length / 4;
    if (isSparse && this.#items.length > CAPACITY_MIN) {
      this.#resize(this.#items.length / 2);
    }
    return item;
  }

  /** The item at a place from the oldest, 0-based. */
  at(index: number): Item | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    return this.#items[(this.#head + index) & (this.#items.length - 1)];
  }

  /** Replaces the item at a place from the oldest, 0-based. */
  set(index: number, item: Item): void {
    if (index < 0 || index >= this.#size) return;
    this.#items[(this.#head + index) & (this.#items.length - 1)] = item;
  }

  #resize(capacity: number): void {
    const items = new Array<Item | undefined>(capacity);
    for (let index = 0; index < this.#size; index++) {
      items[index] = this.at(index);
    }
    this.#items = items;
    this.#head = 0;
  }
}
