import assert from "node:assert/strict";
import {
  selectGiftTexts,
  selectLiveCounts,
  selectUpstreamIds,
} from "../../src/store/live_entry_table.ts";
import { LIVE_TEXT_CHARS_MAX } from "../../src/wire/limits.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  entry,
  fed,
  liveCreated,
  newConnection,
  newEntry,
  newStore,
  said,
  testStore,
} from "./fixture.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { planOf } from "./query_plan.ts";

testStore(
  "insertLive keeps a live message with its text as it came",
  async ({ store }) => {
    const texts = [
      '{"type":"chat","content":"弹幕 👩‍👩‍👧 \\u0000 \\ud800 \u2028"}',
      '{"type" :"like", "count":1.50, "type":"like"}',
      "{}",
      `{"type":"stats","long":"${"x".repeat(LIVE_TEXT_CHARS_MAX)}"}`,
    ];
    const entries = [
      ...texts.map((text, index) => {
        const payload = { type: "chat", text, count: index } as const;
        return newEntry("live", index + 1, payload, { actor: null });
      }),
      newEntry("live", 5, {
        type: "gift",
        text: "{}",
        count: 99,
        upstreamId: 'an "id"',
      }, { actor: "ann" }),
    ];
    const records = entries.map((entry) => ({ type: "entry", entry }) as const);
    await store.apply([liveCreated(), ...records]);
    await store.apply(records);
    assert.deepEqual(await store.log("room-1", { limit: 9 }), entries);
    const after = await store.log("room-1", { afterSeq: 3, limit: 1 });
    assert.deepEqual(after, entries.slice(3, 4));
  },
);

Deno.test("insertLive writes the text once, and where devices are not looked for", async () => {
  await using connection = await newConnection();
  await migrate(connection, MIGRATIONS);
  await connection.transaction(groupsOf([
    liveCreated(),
    fed(1, { text: '{"a":1}', upstreamId: "7" }),
  ]));
  const columns = "payload, body, chat_at, named_at, talk_of, sent_at, read_at";
  const sql = `SELECT ${columns} FROM log_entry`;
  assert.deepEqual(await connection.rows({ sql }), [{
    payload: '{"type":"chat","count":1,"upstreamId":"7"}',
    body: '{"a":1}',
    chat_at: null,
    named_at: null,
    talk_of: null,
    sent_at: null,
    read_at: null,
  }]);
});

testStore(
  "insertLive makes nothing that is read as a message",
  async ({ store }) => {
    await store.apply([
      liveCreated(),
      fed(1),
      said(2, "from a viewer"),
      fed(3),
    ]);
    const seqs = async (messages: Promise<readonly { seq: number }[]>) => {
      return (await messages).map(({ seq }) => seq);
    };
    assert.deepEqual(await seqs(store.messages("room-1", { limit: 9 })), [2]);
    assert.deepEqual(await seqs(store.lastMessages(["room-1"])), [2]);
    assert.equal(await store.message("room-1", 1), undefined);
    const chat = await store.chat("room-1", { page: 1, limit: 9 });
    assert.deepEqual(chat.rows.map(({ seq }) => seq), [2]);
    assert.equal(chat.total, 1);
  },
);

testStore(
  "selectLiveCounts counts by type what is after a number",
  async ({ store }) => {
    await store.apply([
      liveCreated(),
      fed(1),
      fed(2, { type: "like", count: 250 }),
      said(3),
      fed(4, { type: "gift", count: 0 }),
      fed(5, { type: "like", count: 3 }),
      entry("system", 6, { message: "x" }),
      liveCreated({ id: "room-2" }),
      fed(1, { type: "member" }, { roomId: "room-2" }),
    ]);
    assert.deepEqual(await store.countLive("room-1", 0), {
      counts: [
        { type: "chat", messages: 1, count: 1 },
        { type: "gift", messages: 1, count: 0 },
        { type: "like", messages: 2, count: 253 },
      ],
      lastSeq: 6,
    });
    assert.deepEqual(await store.countLive("room-1", 4), {
      counts: [{ type: "like", messages: 1, count: 3 }],
      lastSeq: 6,
    });
    const none = { counts: [], lastSeq: 6 };
    assert.deepEqual(await store.countLive("room-1", 5), none);
    assert.deepEqual(await store.countLive("room-1", 99), none);
    const unknown = await store.countLive("room-3", 0);
    assert.deepEqual(unknown, { counts: [], lastSeq: 0 });
  },
);

testStore(
  "selectLiveCounts adds up more than SQLite's integers hold",
  async ({ store }) => {
    const count = Number.MAX_SAFE_INTEGER;
    const likes = Array.from({ length: 1030 }, (_, index) => {
      return fed(index + 1, { type: "like", count });
    });
    await store.apply([liveCreated(), ...likes]);
    const { counts: [sum] } = await store.countLive("room-1", 0);
    assert.equal(sum?.messages, 1030);
    assert.ok((sum?.count ?? 0) > 2 ** 63);
  },
);

/** A message with an id, but each third one. */
function named(seq: number): DurableRecord {
  return fed(seq, seq % 3 === 0 ? {} : { upstreamId: `up-${seq}` });
}

testStore(
  "selectUpstreamIds gives ids of the newest messages, oldest first",
  async ({ store }) => {
    await store.apply([
      liveCreated(),
      ...[1, 2, 3, 4, 5].map(named),
      said(6),
      named(7),
      liveCreated({ id: "room-2" }),
      fed(9, { upstreamId: "elsewhere" }, { roomId: "room-2" }),
    ]);
    const ids = (limit: number) => store.upstreamIds("room-1", limit);
    assert.deepEqual(await ids(9), ["up-1", "up-2", "up-4", "up-5", "up-7"]);
    assert.deepEqual(await ids(5), ["up-2", "up-4", "up-5", "up-7"]);
    assert.deepEqual(await ids(4), ["up-4", "up-5", "up-7"]);
    assert.deepEqual(await ids(1), ["up-7"]);
    assert.deepEqual(await store.upstreamIds("room-3", 9), []);
  },
);

testStore(
  "selectUpstreamIds gives back whatever text an id is",
  async ({ store }) => {
    const ids = ["", "7", "null", '"', "a\0b", "\ud800", "弹幕 👩‍👩‍👧"];
    await store.apply([
      liveCreated(),
      ...ids.map((upstreamId, index) => fed(index + 1, { upstreamId })),
    ]);
    assert.deepEqual(await store.upstreamIds("room-1", 9), ids);
  },
);

testStore(
  "selectGiftTexts gives gifts among the newest messages, oldest first",
  async ({ store }) => {
    const gift = (seq: number, text: string) =>
      fed(seq, { type: "gift", text });
    const longest = "x".repeat(8192);
    await store.apply([
      liveCreated(),
      gift(1, "a"),
      fed(2),
      gift(3, longest),
      gift(4, `${longest}x`),
      said(5),
      gift(6, "b"),
      liveCreated({ id: "room-2" }),
      fed(9, { type: "gift", text: "elsewhere" }, { roomId: "room-2" }),
    ]);
    const texts = (limit: number) => store.giftTexts("room-1", limit);
    assert.deepEqual(await texts(5), ["a", longest, "b"]);
    assert.deepEqual(await texts(4), [longest, "b"]);
    assert.deepEqual(await texts(1), ["b"]);
    assert.deepEqual(await store.giftTexts("room-3", 9), []);
  },
);

Deno.test("live_entry_table reads a log by number", async () => {
  const [counts, end] = selectLiveCounts("room-1", 7);
  const after = /SEARCH log_entry USING PRIMARY KEY \(room_id=\? AND seq>\?\)/;
  assert.match(await planOf(counts), after);
  const inRoom = /SEARCH log_entry USING .*\(room_id=\?\)/;
  assert.match(await planOf(end), inRoom);
  const ids = await planOf(selectUpstreamIds("room-1", 9));
  assert.match(ids, /SEARCH log_entry USING PRIMARY KEY \(room_id=\?\)/);
  const gifts = await planOf(selectGiftTexts("room-1", 9));
  assert.match(gifts, /SEARCH log_entry USING PRIMARY KEY \(room_id=\?\)/);
});

Deno.test("live_entry_table reads of 20,000 messages no more than it is asked for", async () => {
  await using test = await newStore("file");
  const { store } = test;
  const messages = Array.from({ length: 20_000 }, (_, index) => {
    return fed(index + 1, { upstreamId: `up-${index + 1}` });
  });
  await store.apply([liveCreated(), ...messages]);
  const ids = await store.upstreamIds("room-1", 4096);
  assert.equal(ids.length, 4096);
  assert.deepEqual([ids[0], ids.at(-1)], ["up-15905", "up-20000"]);
  const { counts } = await store.countLive("room-1", 19_990);
  assert.deepEqual(counts, [{ type: "chat", messages: 10, count: 10 }]);
});
