/**
 * The fields of a form that a page sends.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import { ChatError } from "../../wire/errors.ts";
import { bodyText } from "../body_text.ts";

/** Texts by field name. */
export type FormFields = Readonly<Record<string, string | undefined>>;

/** Most bytes of a form: a token and the way back fit. */
export const FORM_BYTES_MAX = 16_384;

/**
 * Reads an urlencoded form, and of a field that comes twice the last.
 *
 * @throws {ChatError} `body_too_large`, or `bad_request` for another format.
 */
export async function formFields(c: Context): Promise<FormFields> {
  const type = c.req.header("Content-Type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new ChatError("bad_request", {
      message: "Cannot read the form: want application/x-www-form-urlencoded",
    });
  }
  return Object.fromEntries(
    new URLSearchParams(await bodyText(c, FORM_BYTES_MAX)),
  );
}
