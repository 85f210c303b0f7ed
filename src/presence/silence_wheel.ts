/**
 * Who is to be looked at when: slots of one second.
 *
 * A user's activity moves no entry, since it comes far more often than silence.
 * Whoever looks at a due one puts it back if there was activity meanwhile. So a
 * frame costs a field, and a look costs one user and not all of them.
 *
 * @module
 */

/** How long a slot is, in ms: how late an entry may be found. */
const SLOT_MS = 1000;

/** Entries, each with the instant from which it is due. */
export class SilenceWheel<Item> {
  readonly #slots = new Map<number, Set<Item>>();
  readonly #slotOf = new Map<Item, number>();
  /** Every slot before this one is empty. */
  #first: number;

  /** @param now on a clock that never steps back, in ms; as all below. */
  constructor(now: number) {
    this.#first = Math.floor(now / SLOT_MS);
  }

  get size(): number {
    return this.#slotOf.size;
  }

  has(item: Item): boolean {
    return this.#slotOf.has(item);
  }

  /** Adds an entry, or moves it. */
  put(item: Item, dueAt: number): void {
    this.remove(item);
    const index = Math.max(this.#first, Math.ceil(dueAt / SLOT_MS));
    const slot = this.#slots.get(index);
    if (slot === undefined) this.#slots.set(index, new Set([item]));
    else slot.add(item);
    this.#slotOf.set(item, index);
  }

  remove(item: Item): void {
    const index = this.#slotOf.get(item);
    if (index === undefined) return;
    this.#slotOf.delete(item);
    const slot = this.#slots.get(index);
    slot?.delete(item);
    if (slot?.size === 0) this.#slots.delete(index);
  }

  /** Takes entries that are due, and not more than the bound. */
  take(now: number, countMax: number): Item[] {
    const taken: Item[] = [];
    const last = Math.floor(now / SLOT_MS);
    while (this.#first <= last && taken.length < countMax) {
      if (this.#slotOf.size === 0) {
        this.#first = last;
        break;
      }
      for (const item of this.#slots.get(this.#first) ?? []) {
        if (taken.length === countMax) return taken;
        this.remove(item);
        taken.push(item);
      }
      if (this.#first === last) break;
      this.#first += 1;
    }
    return taken;
  }
}
