import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { silentLog } from "../../src/base/log.ts";
import type { LiveStore } from "../../src/live/live_store.ts";
import { Backups } from "../../src/store/backup.ts";
import type { StoredLiveLink } from "../../src/wire/live_link.ts";
import { migrate } from "../../src/store/migrate.ts";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import { SqliteConnection } from "../../src/store/sqlite_connection.ts";
import { SqliteReaders } from "../../src/store/sqlite_readers.ts";
import { SqliteStore } from "../../src/store/sqlite_store.ts";
import type { Store } from "../../src/store/store.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeThread } from "./fake_thread.ts";
import { TempFolder } from "../support/temp_folder.ts";
import {
  chatCreated,
  closed,
  created,
  deviceCreated,
  entry,
  fed,
  liveCreated,
  newConnection,
  newStore,
  opened,
  queried,
  relayed,
  requested,
  said,
  settled,
  T0,
  testStore,
} from "./fixture.ts";
import { EVERYTHING, SIZE } from "./outbox_fixture.ts";

/** A life of two rooms, with every kind of record. */
const STORY: readonly DurableRecord[] = [
  created({ adminUserIds: ["ann"] }),
  opened({ id: "a", peakUsers: 1 }),
  said(1, "one", { clientMsgId: "m-1" }),
  opened({ id: "b", userId: "bob", peakUsers: 2 }),
  entry("mute", 2, { userId: "bob", until: null }),
  said(3),
  entry("unmute", 4, { userId: "bob" }),
  created({ id: "room-2", createdAt: T0 + 5 }),
  opened({ id: "c", roomId: "room-2" }),
  said(1, "elsewhere", { roomId: "room-2" }),
  entry("delete", 5, { seq: 3 }),
  entry("kick", 6, { userId: "bob" }),
  closed({ id: "b", closeCode: 4503 }),
  entry("unban", 7, { userId: "bob" }),
  entry("ban", 8, { userId: "bob", until: null }),
  entry("settings", 9, { name: "Renamed" }),
  entry("settings", 10, { name: "Renamed again" }),
  entry("admins", 11, { userIds: ["cat"] }),
  entry("admins", 12, { userIds: ["dan"] }),
  entry("custom_event", 13, { eventType: "gift", payload: 1 }),
  entry("end", 2, { reason: "closed" }, { roomId: "room-2" }),
  closed({ id: "c", roomId: "room-2" }),
];

const [CHAT, OTHER] = ["chat-1", "chat-2"];
const ANN = { userId: "ann", nickname: "Ann" };
const BOB = { userId: "bob", nickname: "Bob" };

/** Ann waits, Bob comes, they talk; then their room ends. */
const CHAT_STORY: readonly DurableRecord[] = [
  chatCreated({ id: CHAT }, { participants: [ANN], isWaiting: true }),
  requested({ id: "a", roomId: CHAT }),
  chatCreated({ id: OTHER }, { participants: [BOB], isWaiting: true }),
  requested({ id: "b", roomId: OTHER, ...BOB }),
  entry("open", 1, { participants: [ANN, BOB] }, { roomId: CHAT, actor: null }),
  settled({ id: "a", roomId: CHAT, partner: BOB }),
  settled({ id: "b", roomId: CHAT, partner: ANN }),
  entry("end", 1, { reason: "unmatched" }, { roomId: OTHER, actor: null }),
  opened({ id: "chat-a", roomId: CHAT }),
  opened({ id: "chat-b", roomId: CHAT, userId: "bob" }),
  said(2, "hello", { roomId: CHAT }),
  said(3, "hi", { roomId: CHAT, actor: "bob" }),
  entry("read", 4, { seqs: [2] }, { roomId: CHAT, actor: "bob" }),
  said(5, "taken back", { roomId: CHAT }),
  entry("delete", 6, { seq: 5 }, { roomId: CHAT }),
  closed({ id: "chat-a", roomId: CHAT }),
  closed({ id: "chat-b", roomId: CHAT }),
  entry("end", 7, { reason: "reaped" }, { roomId: CHAT, actor: null }),
];

/** All that a store knows of the story. */
async function tell(store: Store): Promise<unknown> {
  const page = { page: 1, limit: 99, closedOnly: false };
  const rooms = await Promise.all(["room-1", "room-2"].map(async (id) => ({
    room: await store.room(id),
    log: await store.log(id, { limit: 99 }),
    chat: await store.chat(id, page),
    sessions: await store.sessions(id, page),
  })));
  return { rooms, recovered: await store.recover({ sendsSinceAt: 0 }) };
}

/** All that a store knows of the story of a chat. */
async function tellChat(store: Store): Promise<unknown> {
  const rooms = await Promise.all([CHAT, OTHER].map(async (id) => ({
    room: await store.room(id),
    log: await store.log(id, { limit: 99 }),
    messages: await store.messages(id, { limit: 99 }),
    unread: await store.unread(id, "ann", { limit: 99 }),
  })));
  const links = [await store.link("ann"), await store.link("bob")];
  const counts = await store.counts();
  return { rooms, links, counts, open: await store.openLinks() };
}

testStore(
  "SqliteStore knows how a chat went, however often and cut its records come",
  async ({ store }) => {
    for (const record of CHAT_STORY) await store.apply([record]);
    const told = await tellChat(store);
    const [ann, bob] = [await store.link("ann"), await store.link("bob")];
    assert.deepEqual(
      [ann, bob].map((link) => [link?.status, link?.roomId, link?.partner]),
      [["expired", CHAT, BOB], ["expired", CHAT, ANN]],
    );
    assert.deepEqual(await store.openLinks(), []);
    assert.deepEqual((await store.room(CHAT))?.chat?.participants, [ANN, BOB]);
    assert.deepEqual(await store.unread(CHAT, "ann", { limit: 9 }), [3]);
    await store.apply(CHAT_STORY);
    assert.deepEqual(await tellChat(store), told);
    for (let cut = 0; cut < CHAT_STORY.length; cut++) {
      await using other = await newStore("memory");
      await other.store.apply(CHAT_STORY.slice(0, cut + 3));
      await other.store.apply(CHAT_STORY.slice(cut));
      assert.deepEqual(await tellChat(other.store), told, `cut at ${cut}`);
    }
  },
);

Deno.test("SqliteStore tells a backend of a chat room as of any other", async () => {
  await using test = await newStore("file", { plan: EVERYTHING });
  const { store } = test;
  await store.apply(CHAT_STORY);
  const run = { size: { ...SIZE, chatMax: 9 }, at: T0 + 99_000 };
  await store.outbox.queueClosing(CHAT, run);
  const events = await store.outbox.stream(0, 99);
  const here = events.filter(({ roomId }) => roomId === CHAT);
  assert.deepEqual(here.map(({ type }) => type), [
    "RoomCreated",
    "UserJoined",
    "UserJoined",
    "MessageDeleted",
    "UserLeft",
    "UserLeft",
    "ChatHistoryBatch",
    "SessionHistoryBatch",
    "RoomClosed",
  ]);
  const batch = here.find(({ type }) => type === "ChatHistoryBatch");
  assert.deepEqual(batch?.data, {
    batch: 1,
    from: 2,
    to: 3,
    count: 2,
    isLast: true,
  });
  const lines = await store.outbox.chatBetween(CHAT, 2, 3);
  assert.deepEqual(lines.map(({ content }) => content), ["hello", "hi"]);
  assert.deepEqual(Object.keys(lines[0] ?? {}).sort(), [
    "at",
    "content",
    "id",
    "nickname",
    "seq",
    "userId",
  ]);
});

/** Two devices come, talk and go; one is lost, and its room followed. */
const DEVICE_STORY: readonly DurableRecord[] = [
  deviceCreated({ id: "OLD" }),
  opened({ id: "d1", roomId: "OLD", userId: "tv", afterSeq: 0 }),
  opened({ id: "d2", roomId: "OLD", userId: "lamp", afterSeq: 0 }),
  relayed(1, { sessionId: "d1", clientMsgId: "m" }, { roomId: "OLD" }),
  queried({ roomId: "OLD", userId: "tv" }),
  relayed(2, { sessionId: "d2", base64: "AAH/", to: "tv" }, { roomId: "OLD" }),
  closed({ id: "d1", roomId: "OLD", throughSeq: 2 }),
  closed({ id: "d2", roomId: "OLD", throughSeq: 2 }),
  entry("end", 3, { reason: "reaped" }, { roomId: "OLD", actor: null }),
  deviceCreated({ id: "NEW", createdAt: T0 + 70_000 }, "OLD"),
  opened({
    id: "d3",
    roomId: "NEW",
    userId: "tv",
    afterSeq: 0,
    joinedAt: T0 + 70_000,
  }),
  relayed(1, { sessionId: "d3" }, { roomId: "NEW", at: T0 + 71_000 }),
];

/** All that a store knows of the story of devices. */
async function tellDevices(store: Store): Promise<unknown> {
  const limit = { limit: 99 };
  const rooms = await Promise.all(["OLD", "NEW"].map(async (id) => ({
    room: await store.room(id),
    log: await store.log(id, limit),
    devices: await store.devices({ roomId: id, ...limit }),
  })));
  const stays = await store.deviceStays("tv", limit);
  const devices = await store.devices(limit);
  const homes = await store.homes(["tv", "lamp"]);
  const known = await store.knownRooms(["OLD", "NEW"]);
  const recovered = await store.recover({ sendsSinceAt: 0 });
  return { rooms, stays, devices, homes, known, recovered };
}

testStore(
  "SqliteStore knows how devices met, however often and cut records come",
  async ({ store }) => {
    for (const record of DEVICE_STORY) await store.apply([record]);
    const told = await tellDevices(store);
    const homes = await store.homes(["tv", "lamp"]);
    assert.deepEqual(Object.fromEntries(homes), { tv: "NEW", lamp: "OLD" });
    await store.apply(DEVICE_STORY);
    assert.deepEqual(await tellDevices(store), told);
    for (let cut = 0; cut < DEVICE_STORY.length; cut++) {
      await using other = await newStore("memory");
      await other.store.apply(DEVICE_STORY.slice(0, cut + 3));
      await other.store.apply(DEVICE_STORY.slice(cut));
      assert.deepEqual(await tellDevices(other.store), told, `cut at ${cut}`);
    }
    await using turned = await newStore("memory");
    await turned.store.apply(DEVICE_STORY.slice(9));
    await turned.store.apply(DEVICE_STORY.slice(0, 9));
    assert.deepEqual(await tellDevices(turned.store), told);
  },
);

/** A link that has told its room nothing yet. */
function liveLink(): StoredLiveLink {
  return {
    liveId: "7351",
    source: "relay",
    isWanted: true,
    isEnded: false,
    addedAt: T0,
    changedAt: T0,
    roomId: null,
    throughSeq: 0,
    memory: "{}",
  };
}

/** A room is fed and watched, ends, and another one is fed. */
const LIVE_STORY: readonly DurableRecord[] = [
  liveCreated({ id: "L1" }),
  fed(1, { upstreamId: "u-1" }, { roomId: "L1" }),
  opened({ id: "v1", roomId: "L1" }),
  fed(2, { type: "like", count: 3, upstreamId: "u-2" }, { roomId: "L1" }),
  said(3, "from a viewer", { roomId: "L1" }),
  fed(4, { type: "control" }, { roomId: "L1" }),
  entry("end", 5, { reason: "reaped" }, { roomId: "L1", actor: null }),
  closed({ id: "v1", roomId: "L1" }),
  liveCreated({ id: "L2", createdAt: T0 + 70_000 }),
  fed(1, { type: "gift", count: 9 }, { roomId: "L2", at: T0 + 71_000 }),
];

/** All that a store knows of the story of a live room. */
async function tellLive(store: Store): Promise<unknown> {
  const rooms = await Promise.all(["L1", "L2"].map(async (id) => ({
    room: await store.room(id),
    log: await store.log(id, { limit: 99 }),
    counts: await store.countLive(id, 0),
    ids: await store.upstreamIds(id, 99),
  })));
  return { rooms, recovered: await store.recover({ sendsSinceAt: 0 }) };
}

testStore(
  "SqliteStore knows what came from outside, however often and cut records come",
  async ({ store }) => {
    for (const record of LIVE_STORY) await store.apply([record]);
    const told = await tellLive(store);
    assert.deepEqual(await store.upstreamIds("L1", 99), ["u-1", "u-2"]);
    await store.apply(LIVE_STORY);
    assert.deepEqual(await tellLive(store), told);
    for (let cut = 0; cut < LIVE_STORY.length; cut++) {
      await using other = await newStore("memory");
      await other.store.apply(LIVE_STORY.slice(0, cut + 3));
      await other.store.apply(LIVE_STORY.slice(cut));
      assert.deepEqual(await tellLive(other.store), told, `cut at ${cut}`);
    }
  },
);

testStore("SqliteStore is what links ask of a database", async ({ store }) => {
  const links: LiveStore = store satisfies LiveStore;
  const claim = { owner: "one", liveIds: ["7351"], now: T0, untilAt: T0 + 1 };
  await store.apply(LIVE_STORY);
  await links.saveLinks([liveLink()]);
  assert.deepEqual(await links.links(), [liveLink()]);
  assert.deepEqual(await links.holdLeases(claim), ["7351"]);
  await links.dropLeases("one", ["7351"]);
  const others = { ...claim, owner: "two" };
  assert.deepEqual(await links.holdLeases(others), ["7351"]);
  assert.deepEqual(await links.countLive("L1", 1), {
    counts: [
      { type: "control", messages: 1, count: 1 },
      { type: "like", messages: 1, count: 3 },
    ],
    lastSeq: 5,
  });
  await links.forgetLinks(["7351"]);
  assert.deepEqual(await links.links(), []);
});

Deno.test("SqliteStore purges a room, and says which ones it may", async () => {
  await using test = await newStore("file");
  const { store } = test;
  await store.apply(CHAT_STORY);
  const query = { endedBefore: T0 + 1_000_000, limit: 9 };
  assert.deepEqual(await store.purgeable(query), []);
  await assert.rejects(store.purgeRoom(CHAT), { failure: "busy" });
  const run = { size: SIZE, at: T0 + 99_000 };
  await store.outbox.queueClosing(CHAT, run);
  assert.deepEqual(await store.purgeable(query), [CHAT]);
  await store.purgeRoom(CHAT);
  assert.deepEqual(await store.purgeable(query), []);
  assert.equal(await store.room(CHAT), undefined);
  assert.deepEqual(await store.log(CHAT, { limit: 9 }), []);
  assert.equal(await store.link("ann"), undefined);
  assert.equal((await store.room(OTHER))?.id, OTHER);
});

testStore(
  "SqliteStore changes nothing when records come again",
  async ({ store }) => {
    await store.apply(STORY);
    const once = await tell(store);
    await store.apply(STORY);
    assert.deepEqual(await tell(store), once);
    for (const record of STORY) await store.apply([record]);
    assert.deepEqual(await tell(store), once);
  },
);

testStore(
  "SqliteStore ends the same however the records were cut",
  async ({ store }) => {
    await using whole = await newStore("memory");
    await whole.store.apply(STORY);
    const expected = await tell(whole.store);
    await store.apply(STORY.slice(0, 14));
    await store.apply(STORY.slice(6));
    assert.deepEqual(await tell(store), expected);
  },
);

testStore(
  "SqliteStore takes records of a room that it does not know",
  async ({ store }) => {
    await store.apply([
      said(1),
      entry("kick", 2, { userId: "bob" }),
      entry("admins", 3, { userIds: ["ann"] }),
      entry("settings", 4, { name: "x" }),
      entry("end", 5, { reason: "closed" }),
      opened(),
      closed(),
      created({ id: "room-2" }),
    ]);
    assert.equal(await store.room("room-1"), undefined);
    assert.equal((await store.log("room-1", { limit: 9 })).length, 5);
    const recovered = await store.recover({ sendsSinceAt: 0 });
    assert.deepEqual(recovered.map(({ room }) => room.id), ["room-2"]);
  },
);

testStore("SqliteStore takes no records at all", async ({ store }) => {
  await store.apply([]);
  assert.deepEqual(await store.rooms({ ended: true, limit: 9, offset: 0 }), []);
});

testStore(
  "SqliteStore applies 5000 records in one transaction",
  async ({ store }) => {
    const messages = Array.from(
      { length: 5000 },
      (_, index) => said(index + 1),
    );
    await store.apply([created(), ...messages]);
    assert.equal((await store.room("room-1"))?.lastSeq, 5000);
    const { total } = await store.chat("room-1", { page: 1, limit: 1 });
    assert.equal(total, 5000);
  },
);

testStore(
  "SqliteStore checks itself by a write and a read",
  async ({ store }) => {
    await store.check();
    await store.check();
    await store.close();
    await assert.rejects(store.check(), { failure: "closed" });
  },
);

testStore(
  "SqliteStore refuses everything once it is closed, and closes twice",
  async ({ store }) => {
    await store.apply([created()]);
    const last = store.apply([said(1)]);
    await Promise.all([store.close(), store.close()]);
    await last;
    const page = { page: 1, limit: 1 };
    const refused: (() => Promise<unknown>)[] = [
      () => store.apply([said(2)]),
      () => store.recover({ sendsSinceAt: 0 }),
      () => store.closeOrphans(),
      () => store.touch(T0),
      () => store.counts(),
      () => store.rooms({ ended: true, limit: 1, offset: 0 }),
      () => store.room("room-1"),
      () => store.log("room-1", { limit: 1 }),
      () => store.message("room-1", 1),
      () => store.chat("room-1", page),
      () => store.sessions("room-1", { ...page, closedOnly: true }),
      () => store.messages("room-1", { limit: 1 }),
      () => store.lastMessages(["room-1"]),
      () => store.unread("room-1", "ann", { limit: 1 }),
      () => store.link("ann"),
      () => store.openLinks(),
      () => store.purgeLinks({ settledBefore: T0, limit: 1 }),
      () => store.presence(["ann"]),
      () => store.allOffline(),
      () => store.homes(["ann"]),
      () => store.knownRooms(["room-1"]),
      () => store.devices({ limit: 1 }),
      () => store.device("ann"),
      () => store.deviceStays("ann", { limit: 1 }),
      () => store.purgeDevices({ lastBefore: T0, rowsMax: 9, limit: 1 }),
      () => store.purgeable({ endedBefore: T0, limit: 1 }),
      () => store.purgeRoom("room-1"),
    ];
    for (const ask of refused) {
      await assert.rejects(ask(), { name: "StoreError", failure: "closed" });
    }
    await store.close();
  },
);

/** Every event of the stream but its number. */
async function stream({ outbox }: SqliteStore): Promise<unknown[]> {
  const events = await outbox.stream(0, 999);
  return events.map(({ id, type, at, data }) => [id, type, at, data]);
}

Deno.test("SqliteStore tells each thing once, however often records come", async () => {
  await using whole = await newStore("file", { plan: EVERYTHING });
  await whole.store.apply(STORY);
  const expected = await stream(whole.store);
  assert.equal(expected.length, 13);
  await whole.store.apply(STORY);
  assert.deepEqual(await stream(whole.store), expected);
  await using cut = await newStore("memory", { plan: EVERYTHING });
  await cut.store.apply(STORY.slice(0, 14));
  await cut.store.apply(STORY.slice(6));
  for (const record of STORY) await cut.store.apply([record]);
  assert.deepEqual(await stream(cut.store), expected);
});

Deno.test("SqliteStore tells of stays that a crash left open, once", async () => {
  await using test = await newStore("file", { plan: EVERYTHING });
  const { store } = test;
  await store.apply([
    created(),
    opened({ id: "a", userId: 'it\'s "a"' }),
    opened({ id: "b", joinedAt: T0 + 7000 }),
    opened({ id: "gone" }),
    closed({ id: "gone", leftAt: T0 + 1 }),
  ]);
  assert.equal((await store.closeOrphans()).count, 2);
  const told = (await stream(store)).slice(5);
  const left = (userId: string, sessionId: string, durationSecs: number) => {
    const data = { userId, sessionId, durationSecs };
    return [`left_${sessionId}`, "UserLeft", T0 + 7000, data];
  };
  assert.deepEqual(told, [left('it\'s "a"', "a", 7), left("ann", "b", 0)]);
  assert.equal((await store.closeOrphans()).count, 0);
  await store.apply([closed({ id: "a" }), closed({ id: "b" })]);
  assert.equal((await stream(store)).length, 7);
  const { lanes } = await store.outbox.due({
    endpoint: "room-events",
    now: T0 + 9000,
    lanesMax: 9,
    eventsMax: 9,
    except: [],
  });
  assert.equal(lanes[0]?.events.length, 7);
});

Deno.test("SqliteStore stores what was applied just before it closed", async () => {
  using folder = new TempFolder();
  const url = `sqlite:${folder.file("parlor.db")}`;
  const first = await openSqliteStore({ url, log: silentLog });
  const applied = first.apply([created(), said(1)]);
  await first.close();
  await applied;
  const second = await openSqliteStore({ url, log: silentLog });
  assert.equal((await second.room("room-1"))?.lastSeq, 1);
  await second.close();
});

Deno.test("SqliteStore is busy while another program writes, then works", async () => {
  using folder = new TempFolder();
  const path = folder.file("parlor.db");
  const url = `sqlite:${path}`;
  const store = await openSqliteStore({ url, log: silentLog });
  await store.apply([created()]);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(store.apply([said(1)]), { failure: "busy" });
  assert.equal((await store.room("room-1"))?.lastSeq, 0, "reading goes on");
  other.exec("ROLLBACK");
  other.close();
  await store.apply([said(1)]);
  assert.equal((await store.room("room-1"))?.lastSeq, 1);
  await store.close();
});

Deno.test("SqliteStore says full, does nothing by halves, and works once there is room", async () => {
  using folder = new TempFolder();
  const pragmas = ["journal_mode = WAL", "max_page_count = 75"];
  const path = folder.file("parlor.db");
  const connection = await newConnection({ path, pragmas });
  await migrate(connection, MIGRATIONS);
  const refuse = () => Promise.reject(new Error("Not asked for"));
  const store = new SqliteStore({
    connection,
    backups: new Backups(refuse, refuse),
    clock: new FakeClock(),
    release: () => {},
  });
  await store.apply([created()]);
  const large = said(2, "x".repeat(300_000));
  const records = [said(1), large, entry("kick", 3, { userId: "bob" })];
  await assert.rejects(store.apply(records), { failure: "full" });
  assert.deepEqual(await store.log("room-1", { limit: 9 }), []);
  assert.equal((await store.room("room-1"))?.lastSeq, 0);
  await connection.rows({ sql: "PRAGMA max_page_count = 10000" });
  await store.apply(records);
  assert.equal((await store.room("room-1"))?.lastSeq, 3);
  await store.close();
});

/** A store of one reader, with both threads in the test's hand. */
async function newHeldStore() {
  const [writer, reader] = [new FakeThread(), new FakeThread()];
  const { clock } = writer;
  const start = reader.start.bind(reader);
  const connection = await writer.connect();
  const readers = new SqliteReaders({
    readerCount: 1,
    target: { path: "a.db", pragmas: [], isReadOnly: true },
    start: (onFree) => {
      return new SqliteConnection({ clock, log: silentLog, onFree, start });
    },
    writer: connection,
    clock,
    log: silentLog,
  });
  const opened = readers.open();
  reader.answer(null);
  await opened;
  const noCopy = () => assert.fail("It makes a copy");
  const backups = new Backups(noCopy, noCopy);
  const release = () => {};
  const parts = { connection, readers, backups, clock, release };
  return { store: new SqliteStore(parts), writer, reader };
}

Deno.test("SqliteStore reads what is waited for by its readers", async () => {
  const { store, writer, reader } = await newHeldStore();
  const page = { page: 1, limit: 1 };
  const reads = [
    () => store.recover({ sendsSinceAt: 0 }),
    () => store.rooms({ ended: true, limit: 1, offset: 0 }),
    () => store.counts(),
    () => store.room("room-1"),
    () => store.log("room-1", { limit: 1 }),
    () => store.isBanned("room-1", "ann"),
    () => store.message("room-1", 1),
    () => store.messages("room-1", { limit: 1 }),
    () => store.lastMessages(["room-1"]),
    () => store.unread("room-1", "ann", { limit: 1 }),
    () => store.chat("room-1", page),
    () => store.sessions("room-1", { ...page, closedOnly: true }),
    () => store.link("ann"),
    () => store.openLinks(),
    () => store.presence(["ann"]),
    () => store.homes(["device-1"]),
    () => store.knownRooms(["room-1"]),
    () => store.devices({ limit: 1 }),
    () => store.device("device-1"),
    () => store.deviceStays("device-1", { limit: 1 }),
    () => store.links(),
    () => store.upstreamIds("room-1", 1),
    () => store.giftTexts("room-1", 1),
    () => store.countLive("room-1", 0),
  ];
  for (const read of reads) {
    const done = read();
    reader.answer([[]]);
    await done;
  }
  assert.equal(writer.posted.length, 0);
});

Deno.test("SqliteStore reads what it is about to change where it writes", async () => {
  const { store, writer, reader } = await newHeldStore();
  const claim = { owner: "one", liveIds: ["7351"], now: T0, untilAt: T0 + 1 };
  const changes = [
    () => store.apply([created()]),
    () => store.touch(T0),
    () => store.purgeable({ endedBefore: T0, limit: 1 }),
    () => store.purgeDevices({ lastBefore: T0, rowsMax: 9, limit: 1 }),
    () => store.saveLinks([liveLink()]),
    () => store.forgetLinks(["7351"]),
    () => store.holdLeases(claim),
    () => store.dropLeases("one", ["7351"]),
    () => store.outbox.lanesOf("room-1"),
    () => store.outbox.chatBetween("room-1", 1, 2),
  ];
  for (const change of changes) {
    const done = change();
    writer.answer([]);
    await done;
  }
  assert.equal(reader.posted.length, 0);
});

Deno.test("SqliteStore closes its readers before its writer", async () => {
  const { store, writer, reader } = await newHeldStore();
  const closing = store.close();
  assert.equal(reader.posted.at(-1)?.task.op, "close");
  assert.equal(writer.posted.length, 0);
  reader.answer(null);
  await writer.asked("close");
  writer.answer(null);
  await closing;
  assert.equal(reader.terminated, 1);
});
