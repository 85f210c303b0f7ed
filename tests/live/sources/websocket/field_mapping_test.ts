import assert from "node:assert/strict";
import { FieldMapping } from "../../../../src/live/sources/websocket/field_mapping.ts";

const MAPPING = {
  type: "event.kind",
  types: {
    comment: "chat",
    present: "gift",
    9: "like",
    over: "control",
    hb: null,
  },
  fields: {
    user_id: "user.id",
    user_name: "user.nick",
    content: "text",
    gift_name: "gift.name",
    gift_count: "gift.n",
    level: "user.level",
  },
  id: "msg.id",
  time: "ts",
} as const;

function mapped(item: unknown): unknown {
  return new FieldMapping(MAPPING).map(item);
}

Deno.test("FieldMapping makes the fields of a message", () => {
  const item = {
    event: { kind: "comment" },
    user: { id: 42, nick: "Ben", level: { now: 3 } },
    text: "hi",
    msg: { id: 7 },
    ts: 1700000000,
    other: "not kept",
  };
  assert.deepEqual(mapped(item), {
    type: "chat",
    user_id: "42",
    user_name: "Ben",
    content: "hi",
    level: { now: 3 },
    id: 7,
    timestamp: 1700000000,
  });
});

Deno.test("FieldMapping leaves out what is not there, and reads numerals", () => {
  const item = { event: { kind: "present" }, gift: { name: "玫瑰", n: "3" } };
  assert.deepEqual(mapped(item), {
    type: "gift",
    gift_name: "玫瑰",
    gift_count: 3,
  });
});

Deno.test("FieldMapping takes a number for a type, and control for the end", () => {
  assert.deepEqual(mapped({ event: { kind: 9 } }), { type: "like" });
  assert.deepEqual(mapped({ event: { kind: "over" } }), {
    type: "control",
    status: "ended",
  });
});

Deno.test("FieldMapping reads seconds, milliseconds and ISO 8601", () => {
  const times: [unknown, number | undefined][] = [
    [1700000000.5, 1700000000.5],
    [1700000000500, 1700000000.5],
    ["1700000000500", 1700000000.5],
    ["2023-11-14T22:13:20.500Z", 1700000000.5],
    ["soon", undefined],
    ["", undefined],
    [-1, undefined],
    [{}, undefined],
  ];
  for (const [ts, seconds] of times) {
    const { timestamp } = mapped({ event: { kind: "comment" }, ts }) as {
      timestamp?: number;
    };
    assert.equal(timestamp, seconds, JSON.stringify(ts));
  }
});

Deno.test("FieldMapping says what it cannot map, and what is not wanted", () => {
  assert.equal(mapped({ event: { kind: "lottery" } }), "unknown_type");
  assert.equal(mapped({ event: { kind: "toString" } }), "unknown_type");
  assert.equal(mapped({ event: { kind: "hb" } }), "unwanted");
  for (const item of [{}, 7, null, { event: { kind: null } }]) {
    assert.equal(mapped(item), "malformed");
  }
});

Deno.test("FieldMapping without types takes the word as it is", () => {
  const mapping = new FieldMapping({ type: "kind", fields: {} });
  assert.deepEqual(mapping.map({ kind: "follow" }), { type: "follow" });
});
