/**
 * A message as a client names it to others, without this server's knowledge.
 *
 * @module
 */

import { z } from "zod";
import { CLIENT_MSG_ID_CHARS_MAX } from "./limits.ts";
import { boundedText } from "./text.ts";

/** A schema for a message's number, or an id of the client's own. */
export function messageRef(): z.ZodType<string | number, unknown> {
  return z.union([z.int(), boundedText(CLIENT_MSG_ID_CHARS_MAX)]);
}
