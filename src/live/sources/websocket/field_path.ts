/**
 * Where something is in a JSON value: `data.items` or `users.0.name`.
 *
 * @module
 */

/** A path of names, and of numbers for the places of an array. */
export class FieldPath {
  readonly #names: readonly string[];

  /** @param text names with dots between them. */
  constructor(text: string) {
    this.#names = text.split(".");
  }

  /** What is there; `undefined` when nothing is. */
  read(value: unknown): unknown {
    let found = value;
    for (const name of this.#names) {
      // Own fields only: an answer must not reach what every object has.
      if (typeof found !== "object" || found === null) return undefined;
      if (!Object.hasOwn(found, name)) return undefined;
      found = Reflect.get(found, name);
    }
    return found;
  }
}
