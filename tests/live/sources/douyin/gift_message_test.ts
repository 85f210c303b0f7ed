import assert from "node:assert/strict";
import { GiftBook } from "../../../../src/live/sources/douyin/gift_message.ts";
import type { Shape } from "../../../../src/live/sources/douyin/shape.ts";
import { decode } from "../../../../src/live/sources/douyin/proto.ts";
import {
  giftBytes,
  type GiftParts,
  USER_ID,
  userBytes,
} from "../../../support/douyin_frames.ts";

function told(book: GiftBook, parts: GiftParts): Shape | null {
  const shape = book.shapeOf(decode("GiftMessage", giftBytes(parts)));
  assert(typeof shape !== "string");
  return shape;
}

/** A giver whose name has so many characters. */
function namedBytes(chars: number): Uint8Array {
  return userBytes({ id: 0n, name: "n".repeat(chars) });
}

Deno.test("GiftBook shows a gift in the reference's fields and more", () => {
  assert.deepEqual(told(new GiftBook(), { combo: 3, group: 2 }), {
    type: "gift",
    count: 6,
    sentAt: 1_767_225_600_000,
    data: {
      user_id: "7000000000000000123",
      user_name: "Ann",
      gift_name: "Rose",
      gift_count: 3,
      group_count: 2,
      user_avatar: "https://p/a.jpg",
      gift_id: "463",
      gift_delta: 6,
      diamond_count: 10,
      combo_id: "5:7000000000000000123:463",
      repeat_end: true,
    },
  });
});

Deno.test("GiftBook counts what a combo's next step adds", () => {
  const book = new GiftBook();
  told(book, { combo: 2 });
  const shape = told(book, { combo: 5 });
  assert.equal(shape?.count, 3);
  assert.equal(shape?.data["gift_delta"], 3);
  assert.equal(shape?.data["gift_count"], 5);
});

Deno.test("GiftBook passes over an equal count and a repeated trace", () => {
  const book = new GiftBook();
  told(book, { combo: 2, traceId: "t1" });
  assert.equal(told(book, { combo: 2, traceId: "t2" }), null);
  assert.equal(told(book, { combo: 4, traceId: "t1" }), null);
  assert.equal(told(book, { combo: 4, traceId: "t3" })?.count, 2);
});

Deno.test("GiftBook tells a new series from a late message by its time", () => {
  const book = new GiftBook();
  const sendTime = 1_767_225_600_000;
  told(book, { combo: 7, sendTime });
  assert.equal(told(book, { combo: 6, sendTime: sendTime - 1 }), null);
  assert.equal(told(book, { combo: 1, sendTime: sendTime + 1 })?.count, 1);
});

Deno.test("GiftBook keeps givers, groups and gifts apart", () => {
  const book = new GiftBook();
  const ben = userBytes({ id: USER_ID + 1n, name: "Ben" });
  assert.equal(told(book, {})?.count, 1);
  assert.equal(told(book, { user: ben })?.count, 1);
  assert.equal(told(book, { groupId: 6 })?.count, 1);
  assert.equal(told(book, {}), null);
});

Deno.test("GiftBook keeps those whom nobody names apart by name and level", () => {
  const book = new GiftBook();
  const nobody = userBytes({ id: 111_111n, name: "x***" });
  const other = userBytes({ id: 111_111n, name: "y***" });
  const shape = told(book, { user: nobody });
  assert.equal(shape?.data["user_id"], "anon_x***_12");
  assert.equal(told(book, { user: other })?.count, 1);
  assert.equal(told(book, { user: nobody }), null);
});

Deno.test("GiftBook counts a gift without a combo by itself", () => {
  const book = new GiftBook();
  const single = { groupId: 0, isCombo: false, combo: 0, group: 0 };
  assert.equal(told(book, single)?.count, 1);
  const shape = told(book, single);
  assert.equal(shape?.count, 1);
  assert.equal(shape?.data["gift_count"], 1);
  assert.equal(shape?.data["combo_id"], null);
});

Deno.test("GiftBook takes a lower count for a new series when times say nothing", () => {
  for (const sendTime of [0, 1_767_225_600_000]) {
    const book = new GiftBook();
    told(book, { combo: 5, sendTime, traceId: "a" });
    assert.equal(told(book, { combo: 2, sendTime, traceId: "b" })?.count, 2);
    assert.equal(told(book, { combo: 2, sendTime, traceId: "b" }), null);
  }
});

Deno.test("GiftBook refuses a gift that is too large, and forgets it", () => {
  const book = new GiftBook();
  const user = namedBytes(65_536);
  const bytes = giftBytes({ combo: 2, traceId: "t", user });
  const large = decode("GiftMessage", bytes);
  assert.equal(book.shapeOf(large), "message_too_large");
  assert.equal(told(book, { combo: 3, traceId: "t" })?.count, 3);
});

Deno.test("GiftBook tells long names and traces apart", () => {
  const book = new GiftBook();
  const trace = "t".repeat(10_000);
  assert.equal(told(book, { user: namedBytes(20_000) })?.count, 1);
  assert.equal(told(book, { user: namedBytes(20_001) })?.count, 1);
  assert.equal(told(book, { user: namedBytes(20_000) }), null);
  assert.equal(told(book, { combo: 4, traceId: trace })?.count, 4);
  assert.equal(told(book, { combo: 5, traceId: trace }), null);
  assert.equal(told(book, { combo: 5, traceId: `${trace}t` })?.count, 1);
});

Deno.test("GiftBook remembers at most 128 characters of what names a gift", () => {
  const keys: string[] = [];
  const book = new GiftBook(
    { added: ({ key }) => keys.push(key) },
    { isNew: (traceId) => keys.push(traceId) > 0 },
  );
  told(book, { user: namedBytes(20_000), traceId: "t".repeat(20_000) });
  assert.equal(keys.length, 2);
  for (const key of keys) assert(key.length <= 128, key);
});

Deno.test("GiftBook goes on with a combo that is in the log", () => {
  const before = new GiftBook();
  const texts = [7, 99].map((combo) => {
    return JSON.stringify(told(before, { combo, group: 2 })?.data);
  });
  const book = new GiftBook();
  book.recall(["no JSON", "null", '{"combo_id":null}', ...texts]);
  assert.equal(told(book, { combo: 99, group: 2 }), null);
  assert.equal(told(book, { combo: 100, group: 2 })?.count, 2);
});
