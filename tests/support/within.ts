/**
 * Waits with a bound, for tests of real sockets and processes.
 *
 * The bound is far beyond what a busy machine needs: it ends a test that would
 * hang, and never decides about one that works.
 *
 * @module
 */

/** How long anything real may take, in ms. */
export const WAIT_MS_MAX = 30_000;

/** How long to wait before a condition is looked at again, in ms. */
const LOOK_MS = 20;

/** What a wait is for, and its bound. */
export interface WaitOptions {
  /** What failed to happen, as in "a frame of type Ack". */
  readonly what: string | (() => string);
  readonly msMax?: number;
}

/** The promise's value, or an error that says what did not come in time. */
export async function within<Value>(
  promise: Promise<Value>,
  { what, msMax = WAIT_MS_MAX }: WaitOptions,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const text = typeof what === "string" ? what : what();
    late.reject(new Error(`Waited ${msMax} ms in vain for ${text}`));
  }, msMax);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a promise is kept so soon that nothing has to help it along. */
export async function isSoon(
  promise: Promise<unknown>,
  ms: number,
): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Looks again and again until something is there. Only for what tells of no
 * event: another process's health, a file of it.
 */
export async function eventually<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  options: WaitOptions,
): Promise<Value> {
  let isOver = false;
  async function search(): Promise<Value> {
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (isOver) throw new Error("Stopped to look");
      await pause(LOOK_MS);
    }
  }
  const searching = search();
  searching.catch(() => {});
  try {
    return await within(searching, options);
  } finally {
    isOver = true;
    await searching.catch(() => {});
  }
}

/** Lets real time pass: where a fault has to last, and for nothing else. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
