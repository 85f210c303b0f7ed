/**
 * The names of a login in open mode.
 *
 * @module
 */

import { fill } from "../../web/fill.ts";
import type { Words } from "../../web/words_en.ts";
import type { Person } from "../../wire/person.ts";
import { isAtMost } from "../../wire/text.ts";
import type { HttpLimits } from "../ports.ts";
import type { FormFields } from "./form_fields.ts";
import type { LoginFault } from "./login_page.tsx";

type NameLimits = Pick<HttpLimits, "userIdCharsMax" | "nicknameCharsMax">;

/** Who a form says the user is, or the field that says it wrongly. */
export function loginNames(
  form: FormFields,
  limits: NameLimits,
  words: Words,
): Person | LoginFault {
  const userId = form["user_id"] ?? "";
  const isUserId = isName(userId) &&
    isAtMost(userId, limits.userIdCharsMax);
  if (!isUserId) {
    const text = fill(words.loginUserIdBad, { max: limits.userIdCharsMax });
    return { field: "user_id", text };
  }
  const nickname = (form["nickname"] ?? "").trim() || userId;
  const isNickname = isName(nickname) &&
    isAtMost(nickname, limits.nicknameCharsMax);
  if (isNickname) return { userId, nickname };
  const text = fill(words.loginNicknameBad, { max: limits.nicknameCharsMax });
  return { field: "nickname", text };
}

function isName(name: string): boolean {
  return name !== "" && name === name.trim() && !/\p{Cc}/u.test(name) &&
    name.isWellFormed();
}
