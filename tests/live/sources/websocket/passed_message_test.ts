// deno-lint-ignore-file camelcase -- The words of the file and the wire.

import assert from "node:assert/strict";
import { LIVE_TYPES } from "../../../../src/wire/live.ts";
import { readMessage } from "../../../../src/live/sources/websocket/passed_message.ts";

const PERSON = { user_id: "7", user_name: "小雨", user_avatar: "" };

/** A message of each type that is as it should be, with what it stands for. */
const WHOLE: Readonly<Record<string, [Record<string, unknown>, number]>> = {
  chat: [{ ...PERSON, content: "主播好" }, 1],
  gift: [{ ...PERSON, gift_name: "玫瑰", gift_count: 3 }, 3],
  like: [{ ...PERSON, count: 12 }, 12],
  member: [{ ...PERSON, gender: "女" }, 1],
  follow: [PERSON, 1],
  stats: [{ current_viewers: 43, total_viewers: "43.6万" }, 1],
  fansclub: [{ content: "joined" }, 1],
  control: [{ status: "ended" }, 1],
  emoji_chat: [{ default_content: "😀" }, 1],
  room_stats: [{ display: "436" }, 1],
  room_message: [{ content: "hello" }, 1],
  room_rank: [{ ranks: [] }, 1],
  stream_adaptation: [{ height_ratio: 0.5 }, 1],
};

Deno.test("readMessage passes each shape of COMPAT 4.3 as it is", () => {
  assert.deepEqual(Object.keys(WHOLE), [...LIVE_TYPES]);
  for (const [type, [fields, count]] of Object.entries(WHOLE)) {
    const given = { type, timestamp: 1700000000.25, ...fields, extra: [1] };
    assert.deepEqual(readMessage(given), {
      type,
      count,
      sentAt: 1700000000250,
      data: given,
    });
  }
});

Deno.test("readMessage fills in what a shape has and a message has not", () => {
  const read = readMessage({ type: "like" });
  assert.deepEqual(read, {
    type: "like",
    count: 1,
    data: {
      type: "like",
      user_id: "",
      user_name: "",
      user_avatar: "",
      count: 1,
    },
  });
});

Deno.test("readMessage turns the number of a user into its digits", () => {
  const read = readMessage({ type: "follow", ...PERSON, user_id: 42 });
  assert(typeof read === "object");
  assert.equal(read.data["user_id"], "42");
});

Deno.test("readMessage takes the id of id, msg_id or message_id", () => {
  const cases: [Record<string, unknown>, string | undefined][] = [
    [{ id: "a" }, "a"],
    [{ msg_id: 7 }, "7"],
    [{ message_id: "m" }, "m"],
    [{ id: "a", msg_id: "b" }, "a"],
    [{ id: "", msg_id: "b" }, "b"],
    [{ id: 1.5 }, undefined],
    [{ id: "x".repeat(127) }, "x".repeat(127)],
    [{ id: "x".repeat(128) }, "x".repeat(128)],
    [{ id: "x".repeat(129) }, undefined],
    [{}, undefined],
  ];
  for (const [fields, id] of cases) {
    const read = readMessage({ type: "follow", ...fields });
    assert(typeof read === "object");
    assert.equal(read.id, id);
  }
});

Deno.test("readMessage counts gifts by what is new of a combo", () => {
  const gift = { type: "gift", gift_name: "玫瑰", gift_count: 5 };
  const read = readMessage({ ...gift, gift_delta: 2 });
  assert(typeof read === "object");
  assert.equal(read.count, 2);
  assert.equal(read.data["gift_count"], 5);
});

Deno.test("readMessage takes what is null for what is not there", () => {
  const read = readMessage({
    type: "chat",
    user_name: null,
    content: "hi",
    timestamp: null,
    more: null,
  });
  assert(typeof read === "object");
  const { timestamp, ...data } = read.data;
  assert.equal(timestamp, undefined);
  assert.deepEqual(data, {
    type: "chat",
    user_id: "",
    user_name: "",
    content: "hi",
    user_avatar: "",
  });
});

Deno.test("readMessage loses no message for a time that is none", () => {
  for (const timestamp of ["soon", -1, {}, [1]]) {
    const read = readMessage({ type: "chat", content: "hi", timestamp });
    assert(typeof read === "object", JSON.stringify(timestamp));
    assert.equal(read.sentAt, undefined);
    assert.equal(read.data["timestamp"], undefined);
  }
});

Deno.test("readMessage reads a count that is text", () => {
  const read = readMessage({ type: "like", count: "3" });
  assert(typeof read === "object");
  assert.equal(read.count, 3);
  assert.equal(read.data["count"], 3);
});

Deno.test("readMessage refuses what is in no shape", () => {
  const malformed = [
    undefined,
    null,
    "chat",
    [],
    {},
    { type: 7 },
    { type: "chat" },
    { type: "chat", content: 7 },
    { type: "gift", gift_count: 1 },
    { type: "like", count: -1 },
    { type: "like", count: 1.5 },
    { type: "like", count: 1e9 + 1 },
    { type: "control" },
  ];
  for (const value of malformed) {
    assert.equal(readMessage(value), "malformed", JSON.stringify(value));
  }
  assert.equal(readMessage({ type: "lottery" }), "unknown_type");
  assert.equal(readMessage({ type: "toString" }), "unknown_type");
});
