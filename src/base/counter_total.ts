/**
 * What a counter has counted, whatever its labels.
 *
 * @module
 */

/** A counter, with or without labels. */
interface Counted {
  get(): Promise<{ readonly values: readonly { readonly value: number }[] }>;
}

/** The sum over all labels, since the start. */
export async function counterTotal(counter: Counted): Promise<number> {
  const { values } = await counter.get();
  return values.reduce((sum, one) => sum + one.value, 0);
}
