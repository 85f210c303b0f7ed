/**
 * What a live room is called where it comes from.
 *
 * The reference takes any text; platforms use digits or letters (COMPAT 4.8).
 * It becomes part of a URL, of file names and of log lines, so it is checked.
 *
 * @module
 */

import { z } from "zod";

/** Names of routes beside which a live id stands in a path. */
const TAKEN = ["start", "stop", "status"];

/** 1 to 50 letters, digits, `-` or `_`; a whole number becomes its digits. */
export const LIVE_ID = z.union([
  z.string(),
  z.int().nonnegative().transform(String),
]).pipe(
  z.string().regex(/^[A-Za-z0-9_-]{1,50}$/).refine((id) => !TAKEN.includes(id)),
);
