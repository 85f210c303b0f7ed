import assert from "node:assert/strict";
import { userProfile } from "../../src/wire/chat_profile.ts";

Deno.test("userProfile has every field that a client of the seed reads", () => {
  assert.deepEqual(userProfile({ userId: "ann", nickname: "安" }, true), {
    id: "ann",
    username: "ann",
    first_name: "",
    last_name: "",
    display_name: "安",
    avatar_url: null,
    bio: "",
    membership_type: "",
    theme_mode: "",
    tags: [],
    is_online: true,
  });
});

Deno.test("userProfile says of who has no connection that they are offline", () => {
  const profile = userProfile({ userId: "ann", nickname: "安" }, false);
  assert.equal(profile.is_online, false);
});
