// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import {
  chatShape,
  emojiShape,
  fansclubShape,
  followShape,
  likeShape,
  madeAt,
  memberShape,
} from "../../../../src/live/sources/douyin/people_messages.ts";
import {
  chatBytes,
  commonBytes,
  userBytes,
} from "../../../support/douyin_frames.ts";
import {
  bytesField,
  joinBytes,
  numberField,
  textField,
} from "../../../support/wire_bytes.ts";

const COMMON = bytesField(1, commonBytes());
const SENT_AT = 1_767_225_600_000;
const ANN = { user_id: "7000000000000000123", user_name: "Ann" };
const AVATAR = { user_avatar: "https://p/a.jpg" };

Deno.test("chatShape reads 2 user and 3 content", () => {
  assert.deepEqual(chatShape(chatBytes("你好")), {
    type: "chat",
    count: 1,
    sentAt: SENT_AT,
    data: { ...ANN, content: "你好", ...AVATAR },
  });
});

Deno.test("likeShape reads 2 count and 5 user", () => {
  const payload = joinBytes(
    COMMON,
    numberField(2, 8),
    numberField(3, 9000),
    bytesField(5, userBytes()),
  );
  assert.deepEqual(likeShape(payload), {
    type: "like",
    count: 8,
    sentAt: SENT_AT,
    data: { ...ANN, count: 8, ...AVATAR },
  });
});

Deno.test("memberShape reads 2 user, with the gender's word", () => {
  const payload = joinBytes(
    COMMON,
    bytesField(2, userBytes({ gender: 1 })),
    numberField(3, 400),
    numberField(10, 1),
  );
  assert.deepEqual(memberShape(payload), {
    type: "member",
    count: 1,
    sentAt: SENT_AT,
    data: { ...ANN, gender: "男", ...AVATAR },
  });
});

Deno.test("followShape reads 2 user", () => {
  const payload = joinBytes(
    COMMON,
    bytesField(2, userBytes()),
    numberField(4, 1),
    numberField(6, 12),
  );
  assert.deepEqual(followShape(payload), {
    type: "follow",
    count: 1,
    sentAt: SENT_AT,
    data: { ...ANN, ...AVATAR },
  });
});

Deno.test("fansclubShape reads 3 content", () => {
  const payload = joinBytes(
    COMMON,
    numberField(2, 2),
    textField(3, "Ann joins"),
    bytesField(4, userBytes()),
  );
  assert.deepEqual(fansclubShape(payload), {
    type: "fansclub",
    count: 1,
    sentAt: SENT_AT,
    data: { content: "Ann joins" },
  });
});

Deno.test("emojiShape reads 2 user and 5 default content", () => {
  const payload = joinBytes(
    COMMON,
    bytesField(2, userBytes()),
    numberField(3, 17),
    bytesField(4, textField(1, "key")),
    textField(5, "[smile]"),
  );
  assert.deepEqual(emojiShape(payload), {
    type: "emoji_chat",
    count: 1,
    sentAt: SENT_AT,
    data: { ...ANN, content: "[smile]", ...AVATAR },
  });
});

Deno.test("madeAt is 0 where nothing says when", () => {
  assert.equal(madeAt(null), 0);
  assert.equal(madeAt({ msgId: "1", createTime: "0" }), 0);
  assert.equal(madeAt({ msgId: "1", createTime: "1767225600" }), SENT_AT);
});
