import assert from "node:assert/strict";
import {
  purgeDevices,
  selectDevice,
  selectDevices,
  selectDeviceStays,
  selectHomes,
} from "../../src/store/device_table.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  closed,
  deviceCreated,
  opened,
  T0,
  type TestStore,
  testStore,
} from "./fixture.ts";
import { planOf } from "./query_plan.ts";

/** A stay of a device, as its id says: `tv.2` is the second of `tv`. */
function came(
  id: string,
  roomId: string,
  joinedAt: number,
  nickname = "screen",
): DurableRecord {
  const [userId = ""] = id.split(".");
  return opened({ id, userId, roomId, joinedAt, nickname, afterSeq: 0 });
}

function went(id: string, roomId: string, leftAt: number): DurableRecord {
  return closed({ id, roomId, leftAt, throughSeq: 0 });
}

testStore("device_table knows where a device was last", async ({ store }) => {
  await store.apply([
    deviceCreated({ id: "a" }),
    deviceCreated({ id: "b" }),
    came("tv.1", "a", T0 + 1, 'old "name"'),
    came("tv.2", "b", T0 + 2, "茶"),
  ]);
  assert.deepEqual(await store.device("tv"), {
    deviceId: "tv",
    firstConnectedAt: T0 + 1,
    lastConnectedAt: T0 + 2,
    lastRoomId: "b",
    lastIdentity: "茶",
  });
  assert.equal(await store.device("radio"), undefined);
});

testStore(
  "device_table knows the same whatever the order of two rooms' records",
  async ({ store }) => {
    await store.apply([came("tv.2", "b", T0 + 2, "new")]);
    await store.apply([came("tv.1", "a", T0 + 1, "old")]);
    const device = {
      deviceId: "tv",
      firstConnectedAt: T0 + 1,
      lastConnectedAt: T0 + 2,
      lastRoomId: "b",
      lastIdentity: "new",
    };
    assert.deepEqual(await store.device("tv"), device);
    await store.apply([
      came("tv.1", "elsewhere", T0 + 9, "known already"),
      came("tv.2", "elsewhere", T0 + 9, "known already"),
    ]);
    assert.deepEqual(await store.device("tv"), device);
    await store.apply([came("tv.3", "c", T0 + 2, "same instant")]);
    assert.equal((await store.device("tv"))?.lastRoomId, "c");
  },
);

testStore(
  "device_table takes no user of another room for a device",
  async ({ store }) => {
    await store.apply([opened({ userId: "ann" })]);
    assert.equal(await store.device("ann"), undefined);
    assert.deepEqual(await store.deviceStays("ann", { limit: 9 }), []);
  },
);

testStore("device_table gives the homes of a thousand", async ({ store }) => {
  const ids = Array.from({ length: 1000 }, (_, index) => `d${index}`);
  await store.apply(ids.map((id) => came(`${id}.1`, `home of ${id}`, T0)));
  const homes = await store.homes(ids);
  assert.equal(homes.size, 1000);
  assert.equal(homes.get("d999"), "home of d999");
  const some = await store.homes(["d1", "d1", "nobody", "d'\"2"]);
  assert.deepEqual([...some], [["d1", "home of d1"]]);
  assert.deepEqual([...await store.homes([])], []);
});

testStore(
  "device_table lists devices by id, of one room or all",
  async ({ store }) => {
    const ids = ["e", "a", "茶", "c", "b", "d"];
    await store.apply(ids.map((id, index) => {
      return came(`${id}.1`, index % 2 === 0 ? "even" : "odd", T0);
    }));
    const list = async (query: Parameters<typeof store.devices>[0]) => {
      const devices = await store.devices(query);
      return devices.map(({ deviceId }) => deviceId).join("");
    };
    assert.equal(await list({ limit: 9 }), "abcde茶");
    assert.equal(await list({ limit: 2 }), "ab");
    assert.equal(await list({ afterId: "b", limit: 2 }), "cd");
    assert.equal(await list({ afterId: "茶", limit: 2 }), "");
    assert.equal(await list({ roomId: "even", limit: 9 }), "be茶");
    assert.equal(await list({ roomId: "even", afterId: "b", limit: 1 }), "e");
    assert.equal(await list({ roomId: "none", limit: 9 }), "");
  },
);

testStore(
  "device_table lists a device's stays, newest first",
  async ({ store }) => {
    await store.apply([
      came("tv.1", "a", T0, "old"),
      came("tv.2", "b", T0 + 5000),
      went("tv.1", "a", T0 + 6000),
      came("tv.3", "b", T0 + 5000),
      came("radio.1", "b", T0 + 5000),
    ]);
    const stays = await store.deviceStays("tv", { limit: 9 });
    const ids = stays.map(({ sessionId }) => sessionId);
    assert.deepEqual(ids, ["tv.3", "tv.2", "tv.1"]);
    assert.equal(stays[0]?.disconnectedAt, null);
    assert.deepEqual(stays[2], {
      sessionId: "tv.1",
      roomId: "a",
      identity: "old",
      ip: "192.0.2.1",
      connectedAt: T0,
      disconnectedAt: T0 + 6000,
      closeCode: 1000,
    });
    const newest = await store.deviceStays("tv", { limit: 1 });
    assert.deepEqual(newest, stays.slice(0, 1));
  },
);

async function known({ store }: TestStore): Promise<string> {
  const devices = await store.devices({ limit: 99 });
  return devices.map(({ deviceId }) => deviceId).join(" ");
}

testStore(
  "device_table forgets devices that are gone, those of longest ago first",
  async (test) => {
    const { store } = test;
    await store.apply([
      came("early.1", "a", T0),
      went("early.1", "a", T0 + 1),
      came("late.1", "a", T0 + 1),
      went("late.1", "a", T0 + 2),
      came("bound.1", "a", T0 + 10),
      went("bound.1", "a", T0 + 10),
      came("here.1", "a", T0),
      came("twice.1", "a", T0),
      came("twice.2", "a", T0 + 1),
      went("twice.2", "a", T0 + 2),
      came("longtime.1", "a", T0),
      went("longtime.1", "a", T0 + 10),
    ]);
    const purge = (limit: number) => {
      return store.purgeDevices({ lastBefore: T0 + 10, rowsMax: 99, limit });
    };
    assert.equal(await purge(1), 1);
    assert.equal(await known(test), "bound here late longtime twice");
    assert.equal(await purge(9), 1);
    assert.equal(await known(test), "bound here longtime twice");
    assert.equal(await purge(9), 0);
    await store.apply([went("twice.1", "a", T0 + 9), came("late.1", "a", T0)]);
    assert.equal(await purge(9), 1);
    assert.equal(await known(test), "bound here longtime");
  },
);

/** A stay from one instant to another. */
function stayed(id: string, fromAt: number, toAt: number): DurableRecord[] {
  return [came(id, "a", fromAt), went(id, "a", toAt)];
}

testStore(
  "device_table forgets those gone longest when they are too many",
  async (test) => {
    const { store } = test;
    await store.apply([
      ...stayed("e.1", T0 + 40, T0 + 41),
      ...stayed("a.1", T0, T0 + 1),
      ...stayed("b.1", T0 + 10, T0 + 11),
      ...stayed("c.1", T0 + 20, T0 + 21),
      ...stayed("d.1", T0 + 30, T0 + 31),
    ]);
    const bounds = { lastBefore: T0, limit: 2 };
    assert.equal(await store.purgeDevices({ ...bounds, rowsMax: 6 }), 0);
    assert.equal(await store.purgeDevices({ ...bounds, rowsMax: 5 }), 0);
    assert.equal(await store.purgeDevices({ ...bounds, rowsMax: 4 }), 1);
    assert.equal(await known(test), "b c d e");
    assert.equal(await store.purgeDevices({ ...bounds, rowsMax: 1 }), 2);
    assert.equal(await known(test), "d e");
    assert.equal(await store.purgeDevices({ ...bounds, rowsMax: 1 }), 1);
    assert.equal(await store.purgeDevices({ ...bounds, rowsMax: 1 }), 0);
    assert.equal(await known(test), "e");
  },
);

testStore(
  "device_table spares of too many devices those that were here until lately",
  async (test) => {
    const { store } = test;
    await store.apply([
      came("here.1", "a", T0),
      ...stayed("long.1", T0 + 1, T0 + 32),
      ...stayed("old.1", T0 + 2, T0 + 29),
      ...stayed("new.1", T0 + 30, T0 + 31),
      ...stayed("newest.1", T0 + 40, T0 + 41),
    ]);
    const purge = (rowsMax: number) => {
      return store.purgeDevices({ lastBefore: T0, rowsMax, limit: 9 });
    };
    assert.equal(await purge(2), 1);
    assert.equal(await known(test), "here long new newest");
    assert.equal(await purge(2), 0);
    assert.equal(await purge(1), 2);
    assert.equal(await known(test), "here newest");
    assert.equal(await purge(1), 0);
  },
);

Deno.test("device_table looks through no table", async () => {
  const homes = await planOf(selectHomes(["a"]));
  assert.match(homes, /SEARCH device USING PRIMARY KEY/);
  const one = await planOf(selectDevice("a"));
  assert.match(one, /SEARCH device USING PRIMARY KEY/);
  const page = await planOf(selectDevices({ afterId: "a", limit: 9 }));
  assert.match(page, /SEARCH device USING PRIMARY KEY \(id>\?\)/);
  const ofRoom = await planOf(selectDevices({ roomId: "a", limit: 9 }));
  assert.match(ofRoom, /device_by_room \(last_room_id=\? AND id>\?\)/);
  const stays = await planOf(selectDeviceStays("a", 9));
  assert.match(stays, /session_by_device \(user_id=\?\)/);
  const [purge] = purgeDevices({ lastBefore: T0, rowsMax: 9, limit: 9 });
  assert.ok(purge !== undefined);
  const purged = await planOf(purge);
  assert.match(purged, /device_by_last \(last_connected_at<\?\)/);
  assert.match(
    purged,
    /session_disconnected \(disconnected_at=\? AND user_id=\?\)/,
  );
  assert.match(purged, /session_by_device \(user_id=\?\)/);
  assert.doesNotMatch(purged, /TEMP B-TREE/);
  for (const plan of [ofRoom, stays, page]) {
    assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/);
  }
});
