/**
 * Work as a number of steps, which is the same on every machine.
 *
 * @module
 */

/** Methods of maps and sets that a step counts. */
const COUNTED: readonly [object, readonly PropertyKey[]][] = [
  [Map.prototype, ["get", "set", "has", "delete"]],
  [Set.prototype, ["add", "has", "delete"]],
];

const ITERATORS = [
  Object.getPrototypeOf(new Map().values()),
  Object.getPrototypeOf(new Set().values()),
];

/** How often maps and sets are asked, and walked one step, by `run`. */
export function countedWork(run: () => void): number {
  let steps = 0;
  const undo: (() => void)[] = [];
  const count = (owner: object, name: PropertyKey) => {
    const original = Reflect.get(owner, name);
    Reflect.set(owner, name, function (this: unknown, ...given: unknown[]) {
      steps += 1;
      return Reflect.apply(original, this, given);
    });
    undo.push(() => void Reflect.set(owner, name, original));
  };
  for (const [owner, names] of COUNTED) {
    for (const name of names) count(owner, name);
  }
  for (const iterator of ITERATORS) count(iterator, "next");
  try {
    run();
  } finally {
    for (const one of undo) one();
  }
  return steps;
}
