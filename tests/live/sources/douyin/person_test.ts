import assert from "node:assert/strict";
import {
  avatarOf,
  genderOf,
  personFields,
} from "../../../../src/live/sources/douyin/person.ts";
import type { User } from "../../../../src/live/sources/douyin/proto.ts";

const ANN: User = {
  id: "7000000000000000123",
  nickName: "Ann",
  gender: 1,
  level: 12,
  avatarThumb: { url: ["https://p/a.jpg", "https://p/b.jpg"] },
  payGrade: { level: "30" },
  idStr: "",
};

Deno.test("personFields says the id as text, and the name", () => {
  assert.deepEqual(personFields(ANN), {
    user_id: "7000000000000000123",
    user_name: "Ann",
  });
});

Deno.test("personFields takes the id that is text where there is no other", () => {
  const { user_id } = personFields({ ...ANN, id: "0", idStr: "71" });
  assert.equal(user_id, "71");
});

Deno.test("personFields makes an id for those whom the platform does not name", () => {
  const noGrade = { ...ANN, payGrade: null };
  assert.equal(personFields({ ...ANN, id: "0" }).user_id, "anon_Ann_30");
  assert.equal(
    personFields({ ...noGrade, id: "111111" }).user_id,
    "anon_Ann_12",
  );
  assert.deepEqual(personFields(null), { user_id: "", user_name: "" });
});

Deno.test("avatarOf is the first address, or empty", () => {
  assert.equal(avatarOf(ANN), "https://p/a.jpg");
  assert.equal(avatarOf({ ...ANN, avatarThumb: { url: [] } }), "");
  assert.equal(avatarOf({ ...ANN, avatarThumb: null }), "");
  assert.equal(avatarOf(null), "");
});

Deno.test("genderOf has the reference's words", () => {
  const words = [0, 1, 2].map((gender) => genderOf({ ...ANN, gender }));
  assert.deepEqual(words, ["女", "男", "未知"]);
  assert.equal(genderOf(null), "未知");
});
