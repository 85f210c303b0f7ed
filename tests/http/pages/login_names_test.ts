// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import { loginNames } from "../../../src/http/pages/login_names.ts";
import { EN } from "../../../src/web/words_en.ts";

const LIMITS = { userIdCharsMax: 4, nicknameCharsMax: 6 };

function names(form: Record<string, string>) {
  return loginNames(form, LIMITS, EN);
}

Deno.test("loginNames takes names up to their bounds", () => {
  assert.deepEqual(names({ user_id: "abcd", nickname: "abcdef" }), {
    userId: "abcd",
    nickname: "abcdef",
  });
  assert.deepEqual(names({ user_id: "a", nickname: " B " }), {
    userId: "a",
    nickname: "B",
  });
});

Deno.test("loginNames names the field that is wrong", () => {
  const wrong = ["", "abcde", " a", "a ", "a\u0000", "\ud800"];
  for (const user_id of wrong) {
    assert.partialDeepStrictEqual(names({ user_id }), { field: "user_id" });
  }
  for (const nickname of ["abcdefg", "a\nb"]) {
    assert.partialDeepStrictEqual(names({ user_id: "a", nickname }), {
      field: "nickname",
    });
  }
});
