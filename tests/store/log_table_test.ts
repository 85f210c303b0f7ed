import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { TempFolder } from "../support/temp_folder.ts";
import {
  chatCreated,
  created,
  entry,
  newEntry,
  said,
  T0,
  type TestStore,
  testStore,
} from "./fixture.ts";

async function seqs(
  { store }: TestStore,
  range: { afterSeq?: number; beforeSeq?: number; limit: number },
): Promise<number[]> {
  const entries = await store.log("room-1", range);
  return entries.map(({ seq }) => seq);
}

testStore(
  "log_table gives back every kind of entry as it was",
  async ({ store }) => {
    const entries = [
      newEntry("message", 1, {
        nickname: "Ann",
        content: "Hello",
        isAdmin: true,
        clientMsgId: "m-1",
      }),
      newEntry("custom_event", 2, {
        eventType: "gift",
        payload: { "__proto__": 1, list: [1, null, { deep: "茶" }] },
      }),
      newEntry("system", 3, { message: "Welcome" }, { actor: null }),
      newEntry("kick", 4, { userId: "bob" }),
      newEntry("ban", 5, { userId: "bob", until: T0 + 1 }),
      newEntry("unban", 6, { userId: "bob" }),
      newEntry("mute", 7, { userId: "bob", until: null }),
      newEntry("unmute", 8, { userId: "bob" }),
      newEntry("admins", 9, { userIds: ["ann", "bob"] }),
      newEntry("settings", 10, { name: "New", pinned: null }),
      newEntry("delete", 11, { seq: 99 }),
      newEntry("read", 12, { seqs: [98, 99] }),
      newEntry("open", 13, {
        participants: [{ userId: "ann", nickname: "Ann 👩‍👩‍👧" }],
      }, { actor: null }),
      newEntry("message", 14, {
        nickname: "Ann",
        content: "",
        isAdmin: false,
        messageType: "image",
        fileUrl: "/tools/uploads/room-1/a.png",
        fileName: 'a "b".png',
        senderType: "bot",
      }),
      newEntry("live", 15, {
        type: "like",
        text: '{"type":"like","count":3}',
        count: 3,
        upstreamId: "7001",
      }, { actor: null }),
      newEntry("end", 16, { reason: "unmatched" }),
    ];
    await store.apply([
      created(),
      ...entries.map((entry) => ({ type: "entry", entry }) as const),
    ]);
    assert.deepEqual(await store.log("room-1", { limit: 100 }), entries);
  },
);

testStore(
  "log_table gives back any text that JSON can hold",
  async ({ store }) => {
    const contents = [
      "",
      "quotes ' \" ` \\ and -- ; DROP TABLE log_entry",
      "NUL \0 in the middle",
      "lone \uD800 surrogates \uDC00",
      "👩‍👩‍👧 茶馆 \u2028 \r\n\t",
      "x".repeat(100_000),
    ];
    await store.apply([
      created(),
      ...contents.map((content, index) => said(index + 1, content)),
    ]);
    const entries = await store.log("room-1", { limit: 100 });
    const stored = entries.map((entry) => {
      return entry.kind === "message" ? entry.payload.content : undefined;
    });
    assert.deepEqual(stored, contents);
    const chat = await store.chat("room-1", { page: 1, limit: 100 });
    assert.deepEqual(
      chat.rows.map(({ content }) => content),
      contents.toReversed(),
    );
  },
);

testStore(
  "log_table answers the lowest after a number, or the highest before one",
  async (test) => {
    const messages = Array.from({ length: 10 }, (_, index) => said(index + 1));
    await test.store.apply([
      created(),
      ...messages,
      created({ id: "room-2" }),
      said(1, "elsewhere", { roomId: "room-2" }),
    ]);
    assert.deepEqual(await seqs(test, { afterSeq: 0, limit: 3 }), [1, 2, 3]);
    assert.deepEqual(await seqs(test, { afterSeq: 8, limit: 3 }), [9, 10]);
    assert.deepEqual(await seqs(test, { afterSeq: 9, limit: 3 }), [10]);
    assert.deepEqual(await seqs(test, { afterSeq: 10, limit: 3 }), []);
    assert.deepEqual(await seqs(test, { beforeSeq: 11, limit: 3 }), [8, 9, 10]);
    assert.deepEqual(await seqs(test, { beforeSeq: 3, limit: 3 }), [1, 2]);
    assert.deepEqual(await seqs(test, { beforeSeq: 1, limit: 3 }), []);
    assert.deepEqual(await seqs(test, { limit: 3 }), [8, 9, 10]);
    const between = { afterSeq: 2, beforeSeq: 5, limit: 9 };
    assert.deepEqual(await seqs(test, between), [3, 4]);
    assert.deepEqual(await test.store.log("room-3", { limit: 9 }), []);
  },
);

testStore(
  "log_table says who and when of a deleted message, not what",
  async ({ store }) => {
    await store.apply([
      created(),
      said(1, "one", { clientMsgId: "m-1" }),
      said(2, "two"),
      entry("delete", 3, { seq: 1 }),
    ]);
    const [deleted, kept, deletion] = await store.log("room-1", { limit: 9 });
    assert.deepEqual(
      deleted,
      newEntry("message", 1, {
        nickname: "Ann",
        content: "",
        isAdmin: false,
        clientMsgId: "m-1",
        deleted: true,
      }),
    );
    assert.equal(kept?.kind === "message" && kept.payload.content, "two");
    assert.equal(deletion?.kind, "delete");
    assert.equal(await store.message("room-1", 1), undefined);
    const chat = await store.chat("room-1", { page: 1, limit: 9 });
    assert.deepEqual(chat.rows.map(({ seq }) => seq), [2]);
    assert.equal(chat.total, 1);
  },
);

testStore(
  "log_table leaves nothing of a deleted message's text in the database",
  async ({ store }) => {
    using folder = new TempFolder();
    await store.apply([
      created(),
      said(1, "a secret"),
      entry("delete", 2, { seq: 1 }),
    ]);
    await store.backup(folder.file("copy.db"));
    using copy = new DatabaseSync(folder.file("copy.db"));
    const row = copy.prepare("SELECT payload FROM log_entry WHERE seq = 1")
      .get();
    assert.doesNotMatch(String(row?.payload), /secret/);
  },
);

testStore(
  "log_table deletes nothing but messages of the same room",
  async ({ store }) => {
    await store.apply([
      created(),
      created({ id: "room-2" }),
      said(1, "elsewhere", { roomId: "room-2" }),
      entry("system", 1, { message: "Hello" }),
      entry("delete", 2, { seq: 1 }),
      entry("delete", 3, { seq: 404 }),
    ]);
    const [system] = await store.log("room-1", { limit: 1, afterSeq: 0 });
    assert.deepEqual(system?.payload, { message: "Hello" });
    const other = await store.message("room-2", 1);
    assert.equal(other?.payload.content, "elsewhere");
  },
);

testStore(
  "log_table finds one message, and nothing else by its number",
  async ({ store }) => {
    await store.apply([
      created(),
      said(1),
      entry("kick", 2, { userId: "bob" }),
    ]);
    assert.deepEqual(
      await store.message("room-1", 1),
      newEntry("message", 1, {
        nickname: "Ann",
        content: "message 1",
        isAdmin: false,
      }),
    );
    assert.equal(await store.message("room-1", 2), undefined);
    assert.equal(await store.message("room-1", 3), undefined);
    assert.equal(await store.message("room-2", 1), undefined);
  },
);

testStore(
  "log_table pages chat newest first, with the total on every page",
  async ({ store }) => {
    const messages = Array.from({ length: 25 }, (_, index) => said(index + 1));
    await store.apply([
      created(),
      ...messages,
      entry("system", 26, { message: "not chat" }),
    ]);
    const first = await store.chat("room-1", { page: 1, limit: 10 });
    assert.equal(first.total, 25);
    assert.deepEqual(
      first.rows.map(({ seq }) => seq),
      [25, 24, 23, 22, 21, 20, 19, 18, 17, 16],
    );
    assert.deepEqual(first.rows[0], {
      seq: 25,
      userId: "ann",
      nickname: "Ann",
      content: "message 25",
      at: T0 + 25_000,
    });
    const last = await store.chat("room-1", { page: 3, limit: 10 });
    assert.deepEqual(last.rows.map(({ seq }) => seq), [5, 4, 3, 2, 1]);
    assert.equal(last.total, 25);
    const beyond = await store.chat("room-1", { page: 4, limit: 10 });
    assert.deepEqual(beyond, { rows: [], total: 25 });
    const empty = await store.chat("room-2", { page: 1, limit: 10 });
    assert.deepEqual(empty, { rows: [], total: 0 });
  },
);

testStore(
  "log_table includes both bounds of a page's range",
  async ({ store }) => {
    const messages = Array.from({ length: 9 }, (_, index) => said(index + 1));
    await store.apply([created(), ...messages]);
    const check = async (
      range: { fromAt?: number; toAt?: number },
      expected: number[],
    ) => {
      const page = await store.chat("room-1", { page: 1, limit: 99, ...range });
      assert.deepEqual(page.rows.map(({ seq }) => seq), expected);
      assert.equal(page.total, expected.length);
    };
    await check({ fromAt: T0 + 3000, toAt: T0 + 5000 }, [5, 4, 3]);
    await check({ fromAt: T0 + 3001, toAt: T0 + 4999 }, [4]);
    await check({ fromAt: T0 + 8000 }, [9, 8]);
    await check({ toAt: T0 + 2000 }, [2, 1]);
    await check({ fromAt: T0 + 5000, toAt: T0 + 3000 }, []);
  },
);

testStore(
  "log_table orders messages of one instant by their number",
  async ({ store }) => {
    await store.apply([
      created(),
      said(1, "a", { at: T0 }),
      said(2, "b", { at: T0 }),
      said(3, "c", { at: T0 }),
      said(4, "the clock stepped back", { at: T0 - 1 }),
    ]);
    const first = await store.chat("room-1", { page: 1, limit: 2 });
    const second = await store.chat("room-1", { page: 2, limit: 2 });
    assert.deepEqual(first.rows.map(({ seq }) => seq), [3, 2]);
    assert.deepEqual(second.rows.map(({ seq }) => seq), [1, 4]);
  },
);

testStore(
  "log_table leaves nothing of a deleted file, and no read mark",
  async ({ store }) => {
    const file = {
      nickname: "Ann",
      content: "Look",
      isAdmin: false,
      clientMsgId: "m-1",
      messageType: "image",
      fileUrl: "https://example.com/a.png",
      fileName: "a.png",
      senderType: "user",
    } as const;
    await store.apply([
      chatCreated(),
      entry("message", 1, file),
      entry("read", 2, { seqs: [1] }, { actor: "bob" }),
      entry("delete", 3, { seq: 1 }),
    ]);
    const [deleted] = await store.log("room-1", { limit: 9 });
    assert.deepEqual(deleted?.payload, {
      nickname: "Ann",
      content: "",
      isAdmin: false,
      clientMsgId: "m-1",
      deleted: true,
    });
  },
);

/** Numbers of a room's messages that are marked as read. */
async function readSeqs(
  { store }: TestStore,
  roomId = "room-1",
): Promise<number[]> {
  const entries = await store.log(roomId, { limit: 99 });
  return entries.flatMap((one) => {
    return one.kind === "message" && one.payload.read === true ? [one.seq] : [];
  });
}

testStore(
  "log_table marks messages of others as read, wherever they are told",
  async (test) => {
    const { store } = test;
    await store.apply([
      chatCreated(),
      chatCreated({ id: "room-2" }),
      said(1),
      said(2, "mine", { actor: "bob" }),
      said(3, "named", { clientMsgId: "m-3" }),
      said(4),
      said(1, "elsewhere", { roomId: "room-2" }),
      entry("system", 5, { message: "Hello" }),
      entry("read", 6, { seqs: [1, 2, 3, 5, 404] }, { actor: "bob" }),
    ]);
    assert.deepEqual(await readSeqs(test), [1, 3]);
    assert.deepEqual(await readSeqs(test, "room-2"), []);
    const [, , , , system] = await store.log("room-1", { limit: 9 });
    assert.deepEqual(system?.payload, { message: "Hello" });
    assert.equal((await store.message("room-1", 1))?.payload.read, true);
    assert.equal((await store.message("room-1", 2))?.payload.read, undefined);
    const [recovered] = await store.recover({ sendsSinceAt: 0 });
    const [send] = recovered?.recentSends ?? [];
    assert.equal(send?.kind === "message" && send.payload.read, true);
  },
);

testStore(
  "log_table keeps a read mark when the entry comes again",
  async (test) => {
    const read = entry("read", 2, { seqs: [1] }, { actor: "bob" });
    await test.store.apply([chatCreated(), said(1), read]);
    await test.store.apply([said(1), read]);
    assert.deepEqual(await readSeqs(test), [1]);
  },
);
