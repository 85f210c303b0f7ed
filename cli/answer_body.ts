/**
 * Reads an answer's body into memory, within bounds of size and time.
 *
 * @module
 */

import type { Clock } from "../src/base/clock.ts";
import { CliError } from "./cli_error.ts";
import { UnreachableError } from "./http_transport.ts";

/** Most bytes of an answer that is read into memory. */
export const ANSWER_BYTES_MAX = 64 * 2 ** 20;
/** How long an answer may take to arrive once it began, in ms. */
export const BODY_MS_MAX = 60_000;

/** The answer is larger than {@linkcode ANSWER_BYTES_MAX}. */
export class AnswerTooLargeError extends CliError {
  override readonly name = "AnswerTooLargeError";

  constructor() {
    super(`The answer is larger than ${ANSWER_BYTES_MAX} bytes: ask for less`);
  }
}

/**
 * The body as text.
 *
 * @throws {AnswerTooLargeError}
 * @throws {UnreachableError} when it breaks off or takes too long.
 */
export async function readBody(
  response: Response,
  clock: Clock,
): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  let isLate = false;
  using _deadline = clock.after(BODY_MS_MAX, () => {
    isLate = true;
    reader.cancel().catch(() => {});
  });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new UnreachableError(
        "The connection broke while the server answered",
        false,
      );
    });
    if (done) break;
    chunks.push(value);
    bytes += value.byteLength;
    if (bytes > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw new AnswerTooLargeError();
    }
  }
  if (isLate) {
    throw new UnreachableError(
      `The answer took longer than ${BODY_MS_MAX / 1000} s`,
      false,
    );
  }
  return await new Blob(chunks).text();
}
