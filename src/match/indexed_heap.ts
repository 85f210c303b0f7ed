/**
 * A binary heap from which any item can be removed.
 *
 * Requests leave a line from its middle as often as from its head, and one
 * that comes back belongs where it was. Every step but `first` and `has` costs
 * the logarithm of the size.
 *
 * @module
 */

/** The items of an order, least first. */
export class IndexedHeap<Item> {
  readonly #isBefore: (a: Item, b: Item) => boolean;
  readonly #items: Item[] = [];
  readonly #places = new Map<Item, number>();

  /** @param isBefore a strict order that does not change while items are in. */
  constructor(isBefore: (a: Item, b: Item) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The least item. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  has(item: Item): boolean {
    return this.#places.has(item);
  }

  /** Adds an item, unless it is in. */
  add(item: Item): void {
    if (this.#places.has(item)) return;
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Removes an item; `false` when it was not in. */
  delete(item: Item): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    this.#places.delete(item);
    const last = this.#items.pop();
    if (last === undefined || last === item) return true;
    this.#rise(last, place);
    this.#sink(last, this.#places.get(last) ?? place);
    return true;
  }

  /** Removes the least item. */
  shift(): Item | undefined {
    const { first } = this;
    if (first !== undefined) this.delete(first);
    return first;
  }

  #put(item: Item, place: number): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }

  /** Puts an item at a place, or as far towards the head as it belongs. */
  #rise(item: Item, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !this.#isBefore(item, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  /** Puts an item at a place, or as far from the head as it belongs. */
  #sink(item: Item, from: number): void {
    let place = from;
    for (;;) {
      const below = this.#lesserBelow(place);
      const child = this.#items[below];
      if (child === undefined || !this.#isBefore(child, item)) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(item, place);
  }

  #lesserBelow(place: number): number {
    const left = 2 * place + 1;
    const one = this.#items[left];
    const other = this.#items[left + 1];
    if (one === undefined || other === undefined) return left;
    return this.#isBefore(other, one) ? left + 1 : left;
  }
}
