import assert from "node:assert/strict";
import { RoomRegistry } from "../src/room/room_registry.ts";
import { recoverRooms } from "../src/rooms.ts";
import type { RecoveredRoom, StoredRoom } from "../src/store/store.ts";
import { IDEMPOTENCY_MS } from "../src/wire/limits.ts";
import { ActorWorld } from "./room/actor_world.ts";
import { countingIds, ROOM_OPTIONS } from "./room/fixture.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { RecordingLog } from "./support/recording_log.ts";
import { newTestApp } from "./support/test_app.ts";

function stored(id: string, more: Partial<StoredRoom> = {}): RecoveredRoom {
  const room: StoredRoom = {
    id,
    kind: "managed",
    epoch: "e1",
    name: id,
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    adminUserIds: [],
    autoClose: false,
    createdAt: 1000,
    status: "active",
    endedAt: null,
    lastSeq: 7,
    peakUsers: 1,
    totalJoins: 1,
    lastMessageAt: null,
    lastLeftAt: null,
    ...more,
  };
  return { room, bans: [], mutes: [], recentSends: [] };
}

async function recover(rooms: RecoveredRoom[]) {
  const world = new ActorWorld();
  const registry = new RoomRegistry({
    world,
    room: ROOM_OPTIONS,
    ids: countingIds(),
    roomsMax: 10,
    onEnded: () => {},
  });
  const clock = new FakeClock();
  const log = new RecordingLog();
  const asked: string[] = [];
  await recoverRooms(registry, {
    clock,
    log,
    store: {
      closeOrphans: () => {
        asked.push("orphans");
        return Promise.resolve({ count: 2, at: 0 });
      },
      recover: ({ sendsSinceAt }) => {
        asked.push(`rooms since ${clock.now() - sendsSinceAt}`);
        return Promise.resolve(rooms);
      },
    },
  });
  registry[Symbol.dispose]();
  world[Symbol.dispose]();
  return { asked, log, registry };
}

Deno.test("recoverRooms closes what a crash left open, then brings rooms back", async () => {
  const { asked, log, registry } = await recover([
    stored("new"),
    stored("left", { lastLeftAt: 5000, lastSeq: 9 }),
  ]);
  assert.deepEqual(asked, ["orphans", `rooms since ${IDEMPOTENCY_MS}`]);
  assert.equal(registry.count, 2);
  assert.equal(registry.get("new")?.facts().emptySinceAt, 1000);
  assert.equal(registry.get("left")?.facts().emptySinceAt, 5000);
  assert.equal(registry.get("left")?.facts().lastSeq, 9);
  assert.deepEqual(log.texts, ["info Recovered rooms: 2"]);
});

Deno.test("recoverRooms says nothing when there is none", async () => {
  const { log, registry } = await recover([]);
  assert.equal(registry.count, 0);
  assert.deepEqual(log.texts, []);
});

Deno.test("newRooms reads its settings: users, pages and devices differ", async () => {
  await using app = await newTestApp({
    SESSIONS_PER_USER_MAX: "2",
    CHAT_SESSIONS_PER_USER_MAX: "3",
    DEVICE_SESSIONS_MAX: "4",
    ROOM_MEMBERS_MAX: "5",
    USER_MESSAGE_INTERVAL_SECS: "6",
  });
  const { devices, registry } = app.app.core;
  const managed = registry.get(await app.createRoom());
  assert.equal(managed?.state.sessionsPerUserMax, 2);
  assert.equal(managed?.state.membersMax, 5);
  assert.equal(managed?.state.chatIntervalMs, 6000);
  const device = { deviceId: "d1", identity: "sensor" };
  const { room } = await devices.assigner.assign(device);
  assert.equal(room.state.sessionsPerUserMax, 4);
  assert.equal(room.state.chatIntervalMs, 0);
});
