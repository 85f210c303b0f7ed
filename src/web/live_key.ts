/**
 * The operator's key on a page: kept for as long as the tab is open, and sent
 * with what only an operator may do.
 *
 * @module
 */
/// <reference lib="dom" />

import { type ApiAnswer, post } from "./api.ts";
import { words } from "./words.ts";

const STORED_AS = "parlor_admin_key";

/** The field for the key; it is not there where nobody needs one. */
function keyField(): HTMLInputElement | undefined {
  const field = document.getElementById("key");
  return field instanceof HTMLInputElement ? field : undefined;
}

/** Fills the field with what was given before in this tab. */
export function restoreKey(): void {
  const field = keyField();
  if (field === undefined) return;
  field.value = sessionStorage.getItem(STORED_AS) ?? "";
}

/** Asks for something that only an operator may do. */
export async function operate<Body>(
  path: string,
  body: unknown = {},
): Promise<ApiAnswer<Body>> {
  const key = keyField()?.value.trim() ?? "";
  const headers = key === "" ? {} : { "X-Api-Key": key };
  const answer = await post<Body>(path, body, headers);
  if (answer.isOk && key !== "") sessionStorage.setItem(STORED_AS, key);
  const isKeyWrong = answer.status === 401;
  keyField()?.setAttribute("aria-invalid", String(isKeyWrong));
  if (!isKeyWrong) return answer;
  keyField()?.focus();
  return key === "" ? { ...answer, reason: words.liveKeyNeeded } : answer;
}
