import assert from "node:assert/strict";
import {
  selectLastMessages,
  selectMessages,
  selectUnread,
} from "../../src/store/message_reads.ts";
import type { UnreadQuery } from "../../src/store/store.ts";
import {
  chatCreated,
  created,
  entry,
  newEntry,
  said,
  type TestStore,
  testStore,
} from "./fixture.ts";
import { planOf } from "./query_plan.ts";

async function seqs(
  { store }: TestStore,
  query: { beforeSeq?: number; limit: number },
): Promise<number[]> {
  const messages = await store.messages("room-1", query);
  return messages.map(({ seq }) => seq);
}

testStore(
  "message_reads gives the newest messages by number, ascending",
  async (test) => {
    await test.store.apply([
      chatCreated(),
      chatCreated({ id: "room-2" }),
      said(1),
      said(2, "gone"),
      entry("delete", 3, { seq: 2 }),
      said(4, "said before the first one", { at: 1 }),
      entry("read", 5, { seqs: [1] }, { actor: "bob" }),
      said(6),
      entry("system", 7, { message: "Hello" }),
      said(9, "elsewhere", { roomId: "room-2" }),
    ]);
    assert.deepEqual(await seqs(test, { limit: 9 }), [1, 4, 6]);
    assert.deepEqual(await seqs(test, { limit: 2 }), [4, 6]);
    assert.deepEqual(await seqs(test, { beforeSeq: 6, limit: 9 }), [1, 4]);
    assert.deepEqual(await seqs(test, { beforeSeq: 6, limit: 1 }), [4]);
    assert.deepEqual(await seqs(test, { beforeSeq: 1, limit: 9 }), []);
    const [first] = await test.store.messages("room-1", { limit: 3 });
    const payload = { nickname: "Ann", content: "message 1", isAdmin: false };
    assert.deepEqual(
      first,
      newEntry("message", 1, { ...payload, read: true }),
    );
    assert.deepEqual(await test.store.messages("room-3", { limit: 9 }), []);
  },
);

testStore(
  "message_reads gives messages of any kind of room",
  async (test) => {
    await test.store.apply([
      created(),
      said(1),
      said(2, "gone"),
      entry("delete", 3, { seq: 2 }),
      said(4, "said before the first one", { at: 1 }),
      entry("system", 5, { message: "Hello" }),
      said(6),
    ]);
    assert.deepEqual(await seqs(test, { limit: 9 }), [1, 4, 6]);
    assert.deepEqual(await seqs(test, { limit: 2 }), [4, 6]);
    assert.deepEqual(await seqs(test, { beforeSeq: 6, limit: 1 }), [4]);
    assert.deepEqual(await seqs(test, { beforeSeq: 1, limit: 9 }), []);
  },
);

testStore(
  "message_reads gives the last message of each room that has one",
  async ({ store }) => {
    await store.apply([
      chatCreated(),
      said(1),
      said(2, "last here"),
      entry("system", 3, { message: "Hello" }),
      created({ id: "room-2" }),
      said(1, "last there", { roomId: "room-2" }),
      said(2, "gone", { roomId: "room-2" }),
      entry("delete", 3, { seq: 2 }, { roomId: "room-2" }),
      created({ id: "room-3" }),
      said(1, "not asked for", { roomId: "room-4" }),
    ]);
    const ids = ["room-1", "room-2", "room-3", "room-1", "room-404"];
    const last = await store.lastMessages(ids);
    const contents = last.map(({ roomId, payload }) => {
      return [roomId, payload.content];
    });
    assert.deepEqual(contents.sort(), [
      ["room-1", "last here"],
      ["room-2", "last there"],
    ]);
    assert.deepEqual(await store.lastMessages([]), []);
  },
);

testStore(
  "message_reads knows what a user has to read, and nothing else",
  async ({ store }) => {
    await store.apply([
      chatCreated(),
      chatCreated({ id: "room-2" }),
      said(1),
      said(2, "mine", { actor: "bob" }),
      said(3),
      said(4, "of a third", { actor: "cat" }),
      said(5, "gone"),
      entry("delete", 6, { seq: 5 }),
      said(7),
      said(8, "elsewhere", { roomId: "room-2" }),
      entry("read", 8, { seqs: [3] }, { actor: "cat" }),
    ]);
    const unread = (userId: string, query: Partial<UnreadQuery> = {}) => {
      return store.unread("room-1", userId, { limit: 9, ...query });
    };
    assert.deepEqual(await unread("bob"), [1, 4, 7]);
    assert.deepEqual(await unread("ann"), [2, 4]);
    assert.deepEqual(await unread("cat"), [1, 2, 7]);
    assert.deepEqual(await unread("dan"), [1, 2, 4, 7]);
    assert.equal((await unread("dan", { limit: 3 })).length, 3);
    const all = [8, 7, 6, 5, 4, 3, 2, 1, 404, 1];
    assert.deepEqual(await unread("bob", { seqs: all }), [1, 4, 7]);
    assert.deepEqual(await unread("bob", { seqs: all, limit: 2 }), [1, 4]);
    assert.deepEqual(await unread("bob", { seqs: [2, 3] }), []);
    assert.deepEqual(await unread("bob", { seqs: [] }), []);
    assert.deepEqual(await store.unread("room-3", "bob", { limit: 9 }), []);
  },
);

testStore(
  "message_reads finds what is unread of some messages in any kind of room",
  async ({ store }) => {
    await store.apply([
      created(),
      said(1),
      said(2),
      entry("read", 3, { seqs: [2] }, { actor: "bob" }),
    ]);
    const query = { seqs: [1, 2], limit: 9 };
    assert.deepEqual(await store.unread("room-1", "bob", query), [1]);
    assert.deepEqual(await store.unread("room-1", "bob", { limit: 9 }), []);
  },
);

Deno.test("message_reads looks at no entry but those it gives", async () => {
  const byNumber =
    /SEARCH log_entry USING INDEX log_message \(room_id=\? AND seq<\?\)/;
  const unread = await planOf(selectUnread("room-1", "ann", { limit: 9 }));
  const plans: [string, RegExp][] = [
    [await planOf(selectMessages("room-1", { limit: 9 })), byNumber],
    [
      await planOf(selectLastMessages(["room-1"])),
      /SEARCH log_entry USING (COVERING )?INDEX log_message \(room_id=\?\)/,
    ],
    [
      await planOf(selectLastMessages(["room-1"])),
      /SEARCH entry USING PRIMARY KEY \(room_id=\? AND seq=\?\)/,
    ],
    [
      await planOf(selectMessages("room-1", { limit: 9 })),
      /SEARCH entry USING PRIMARY KEY \(room_id=\? AND seq<\?\)/,
    ],
    [unread, /COVERING INDEX log_unread \(room_id=\? AND talk_of<\?\)/],
    [unread, /COVERING INDEX log_unread \(room_id=\? AND talk_of>\?\)/],
    [
      await planOf(selectUnread("room-1", "ann", { seqs: [1], limit: 9 })),
      /SEARCH log_entry USING PRIMARY KEY \(room_id=\? AND seq=\?\)/,
    ],
  ];
  for (const [plan, expected] of plans) {
    assert.match(plan, expected);
    assert.doesNotMatch(plan, /SCAN (log_entry|entry)/);
  }
});
