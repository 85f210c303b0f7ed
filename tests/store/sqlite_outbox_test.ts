import assert from "node:assert/strict";
import { silentLog } from "../../src/base/log.ts";
import type { Outbox } from "../../src/callback/outbox.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import type { SqliteOutbox } from "../../src/store/sqlite_outbox.ts";
import type { CallbackPlan } from "../../src/wire/callback.ts";
import { TempFolder } from "../support/temp_folder.ts";
import {
  closed,
  created,
  entry,
  newStore,
  opened,
  said,
  T0,
} from "./fixture.ts";
import { EVERYTHING, newOutbox, SIZE, testOutbox } from "./outbox_fixture.ts";

const LATE = T0 + 1_000_000;
const RUN = { size: SIZE, at: T0 + 90_000 };
const DUE = { now: LATE, lanesMax: 9, eventsMax: 9, except: [] } as const;

/** It compiles only while the one fits the other. */
function asOutbox(outbox: SqliteOutbox): Outbox {
  return outbox;
}

Deno.test("SqliteOutbox is what callbacks need of the database", async () => {
  await using test = await newStore("memory", { plan: EVERYTHING });
  const outbox = asOutbox(test.store.outbox);
  await test.store.apply([created(), opened()]);
  const { lanes } = await outbox.due({ endpoint: "room-events", ...DUE });
  const [lane] = lanes;
  assert.deepEqual(
    lane?.events.map(({ type }) => type),
    ["RoomCreated", "UserJoined"],
  );
});

Deno.test("SqliteOutbox asks the database once for all that is due", async () => {
  await using test = await newOutbox();
  await test.apply(created(), opened());
  const asked: unknown[] = [];
  const { connection } = test;
  const query = connection.query.bind(connection);
  connection.query = (...queries) => {
    asked.push(queries.length);
    return query(...queries);
  };
  await test.outbox.due({ endpoint: "room-events", ...DUE });
  assert.deepEqual(asked, [2]);
});

testOutbox(
  "SqliteOutbox keeps order in a room from its creation to its end",
  async (test) => {
    await test.apply(
      created(),
      opened(),
      said(1),
      entry("mute", 2, { userId: "ann", until: null }),
      entry("end", 3, { reason: "closed" }, { at: T0 + 50_000 }),
      closed({ leftAt: T0 + 50_000 }),
    );
    await test.outbox.queueClosing("room-1", RUN);
    assert.deepEqual(await test.deliver("room-events"), [
      "created_room-1",
      "joined_session-1",
      "entry_room-1/2",
      "left_session-1",
      "closed_room-1",
    ]);
    assert.deepEqual(await test.deliver("chat-history"), [
      `chat_room-1_1_${RUN.at}`,
    ]);
    assert.deepEqual(await test.deliver("session-history"), [
      `session_room-1_1_${RUN.at}`,
    ]);
    assert.deepEqual(await test.outbox.lanesOf("room-1"), [
      { endpoint: "sync", attempts: 0 },
    ]);
  },
);

Deno.test("SqliteOutbox goes on after a restart where it stopped", async () => {
  using folder = new TempFolder();
  const open = (plan: CallbackPlan = EVERYTHING) => {
    const url = `sqlite:${folder.file("parlor.db")}`;
    return openSqliteStore({ url, log: silentLog, plan });
  };
  const first = await open();
  await first.apply([created(), opened()]);
  const lane = { endpoint: "room-events", roomId: "room-1", at: LATE } as const;
  const failure = {
    kind: "retry",
    dueAt: LATE + 60_000,
    attempts: 4,
    failingSince: T0 + 5,
    error: "status 500",
  } as const;
  await first.outbox.settle([{ ...lane, delivered: [1], failure }]);
  const { epoch } = await first.outbox.streamBounds();
  await first.close();
  const second = await open();
  const query = { ...DUE, endpoint: "room-events" } as const;
  const early = await second.outbox.due(query);
  assert.deepEqual(early, { lanes: [], nextDueAt: LATE + 60_000 });
  const { lanes } = await second.outbox.due({ ...query, now: LATE + 60_000 });
  const [failing] = lanes;
  assert.equal(failing?.attempts, 4);
  assert.equal(failing?.failingSince, T0 + 5);
  assert.deepEqual(failing?.events.map(({ id }) => id), ["joined_session-1"]);
  assert.equal((await second.outbox.streamBounds()).epoch, epoch);
  await second.close();
});

Deno.test("SqliteOutbox is of one database alone", async () => {
  await using first = await newStore("memory");
  await using second = await newStore("memory");
  const one = await first.store.outbox.streamBounds();
  const other = await second.store.outbox.streamBounds();
  assert.notEqual(one.epoch, other.epoch);
});

Deno.test("SqliteOutbox refuses everything once its store is closed", async () => {
  await using test = await newStore("file", { plan: EVERYTHING });
  const { outbox } = test.store;
  await test.store.close();
  const room = "room-1";
  const page = { afterRoomId: "", limit: 1 };
  const purge = { before: 0, deadBefore: 0, now: 0, limit: 1 };
  const lane = { endpoint: "sync", roomId: room, at: 0 } as const;
  const record = { name: "sync", url: "", reason: null, changedAt: 0 } as const;
  const refused: (() => Promise<unknown>)[] = [
    () => outbox.due({ endpoint: "sync", ...DUE }),
    () => outbox.settle([{ ...lane, delivered: [1], failure: null }]),
    () => outbox.release("sync", 0, 0),
    () => outbox.lanesOf(room),
    () => outbox.endpoints(),
    () => outbox.saveEndpoint({ ...record, state: "active" }),
    () => outbox.histories(),
    () => outbox.stream(0, 1),
    () => outbox.streamBounds(),
    () => outbox.dead({ afterNumber: 0, limit: 1 }),
    () => outbox.replay({ delivered: false, limit: 1, now: 0 }),
    () => outbox.purge(purge),
    () => outbox.roomsWithNews("chat", page),
    () => outbox.queueBatches("chat", room, RUN),
    () => outbox.queueBatches("session", room, RUN),
    () => outbox.endedRooms(1),
    () => outbox.queueClosing(room, RUN),
    () => outbox.queueSnapshots(["RoomSync"], 0),
    () => outbox.chatBetween(room, 1, 1),
    () => outbox.staysBetween(room, 1, 1),
    () => outbox.newestChat(room, 1),
    () => outbox.newestStays(room, 1),
    () => outbox.syncedRoom(room),
    () => outbox.consistency(room),
  ];
  for (const ask of refused) {
    await assert.rejects(ask(), { name: "StoreError", failure: "closed" });
  }
});
