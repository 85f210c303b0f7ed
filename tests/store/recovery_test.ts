import assert from "node:assert/strict";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  created,
  deviceCreated,
  entry,
  fed,
  liveCreated,
  relayed,
  said,
  T0,
  testStore,
} from "./fixture.ts";

testStore(
  "recoveredRooms gives each room that has not ended its own lists",
  async ({ store }) => {
    await store.apply([
      created({ id: "a", createdAt: T0 + 1, adminUserIds: ["ann"] }),
      created({ id: "b", createdAt: T0 }),
      created({ id: "ended" }),
      entry("kick", 1, { userId: "bob" }, { roomId: "a" }),
      entry("mute", 1, { userId: "cat", until: null }, { roomId: "b" }),
      said(2, "named", { roomId: "a", clientMsgId: "m-1" }),
      said(3, "not named", { roomId: "a" }),
      entry("kick", 1, { userId: "bob" }, { roomId: "ended" }),
      said(2, "named", { roomId: "ended", clientMsgId: "m-1" }),
      entry("end", 3, { reason: "closed" }, { roomId: "ended" }),
    ]);
    const [b, a, ...rest] = await store.recover({ sendsSinceAt: 0 });
    assert.deepEqual(rest, []);
    assert.equal(a?.room.id, "a");
    assert.deepEqual(a?.room, await store.room("a"));
    assert.deepEqual(a?.bans.map(({ userId }) => userId), ["bob"]);
    assert.deepEqual(a?.mutes, []);
    assert.deepEqual(a?.recentSends.map(({ seq }) => seq), [2]);
    assert.equal(b?.room.id, "b");
    assert.deepEqual(b?.bans, []);
    assert.deepEqual(b?.mutes.map(({ userId }) => userId), ["cat"]);
    assert.deepEqual(b?.recentSends, []);
  },
);

testStore(
  "recoveredRooms gives sends since an instant, oldest first, deleted ones too",
  async ({ store }) => {
    await store.apply([
      created(),
      said(1, "too old", { clientMsgId: "m-1" }),
      said(2, "at the bound", { clientMsgId: "m-2" }),
      said(3, "taken back", { clientMsgId: "m-3" }),
      entry("delete", 4, { seq: 3 }),
    ]);
    const [room] = await store.recover({ sendsSinceAt: T0 + 2000 });
    assert.deepEqual(room?.recentSends.map(({ payload }) => payload), [
      {
        nickname: "Ann",
        content: "at the bound",
        isAdmin: false,
        clientMsgId: "m-2",
      },
      {
        nickname: "Ann",
        content: "",
        isAdmin: false,
        clientMsgId: "m-3",
        deleted: true,
      },
    ]);
  },
);

testStore(
  "recoveredRooms brings 10,000 rooms back at once",
  async ({ store }) => {
    const records: DurableRecord[] = [];
    for (let index = 0; index < 10_000; index++) {
      const roomId = `room-${index}`;
      records.push(
        created({ id: roomId, adminUserIds: ["ann"] }),
        entry("kick", 1, { userId: "bob" }, { roomId }),
        said(2, "hello", { roomId, clientMsgId: "m-1" }),
      );
    }
    await store.apply(records);
    const rooms = await store.recover({ sendsSinceAt: 0 });
    assert.equal(rooms.length, 10_000);
    for (const { room, bans, recentSends } of rooms) {
      assert.equal(room.lastSeq, 2);
      assert.equal(bans.length, 1);
      assert.equal(recentSends.length, 1);
    }
  },
);

testStore(
  "recoveredRooms gives what devices sent by a name, without what it was",
  async ({ store }) => {
    await store.apply([
      deviceCreated(),
      relayed(1, { clientMsgId: "too old" }),
      relayed(2, { clientMsgId: "m-2", to: "bob" }),
      relayed(3),
      relayed(4, { clientMsgId: "m-4", base64: "AAAA" }, { actor: "bob" }),
    ]);
    const [room] = await store.recover({ sendsSinceAt: T0 + 2000 });
    const sender = { identity: "sensor", sessionId: "session-1" };
    assert.deepEqual(
      room?.recentSends.map(({ actor, kind, seq, payload }) => {
        return { actor, kind, seq, payload };
      }),
      [
        {
          actor: "ann",
          kind: "relay",
          seq: 2,
          payload: { ...sender, to: "bob", clientMsgId: "m-2" },
        },
        {
          actor: "bob",
          kind: "relay",
          seq: 4,
          payload: { ...sender, clientMsgId: "m-4" },
        },
      ],
    );
  },
);

testStore(
  "recoveredRooms gives a live room with its live id and its last message",
  async ({ store }) => {
    await store.apply([
      liveCreated(),
      fed(1, { upstreamId: "u" }),
      fed(2),
      liveCreated({ id: "ended" }),
      entry("end", 1, { reason: "closed" }, { roomId: "ended" }),
    ]);
    const [recovered, ...rest] = await store.recover({ sendsSinceAt: 0 });
    assert.deepEqual(rest, []);
    assert.deepEqual(recovered?.room.live, { liveId: "7351" });
    assert.equal(recovered?.room.lastMessageAt, T0 + 2000);
    assert.equal(recovered?.room.lastSeq, 2);
    assert.deepEqual(recovered?.recentSends, []);
  },
);
