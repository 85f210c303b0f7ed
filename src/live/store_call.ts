/**
 * Asking the database, which may fail and may hang.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { inTime } from "../base/deadline.ts";

/** How long an answer may take, in ms. */
const STORE_MS_MAX = 5000;

/**
 * What the database answers.
 *
 * @throws {Error} what it throws, or that it does not answer; what was asked
 * may then be done later all the same.
 */
export async function storeCall<Answer>(
  clock: Pick<Clock, "after">,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const work = ask().then((answer) => ({ answer }));
  const done = await inTime(work, { clock, msMax: STORE_MS_MAX, late: null });
  if (done === null) {
    throw new Error(`The database gave no answer in ${STORE_MS_MAX} ms`);
  }
  return done.answer;
}
