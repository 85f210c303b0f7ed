import assert from "node:assert/strict";
import { DeviceHomes } from "../../src/device/device_homes.ts";
import { settle } from "../support/fake_clock.ts";

/** Homes over a database that answers when the test says so. */
function newHomes(options: { sizeMax?: number } = {}) {
  const stored = new Map<string, string>();
  const calls: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  let isHeld = false;
  async function call(name: string): Promise<void> {
    calls.push(name);
    if (!isHeld) return;
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
  }
  const homes = new DeviceHomes({
    reader: {
      homes: async (deviceIds) => {
        await call(`read ${deviceIds.join(" ")}`);
        return new Map(
          deviceIds.flatMap((deviceId) => {
            const roomId = stored.get(deviceId);
            return roomId === undefined ? [] : [[deviceId, roomId] as const];
          }),
        );
      },
    },
    flush: () => call("flush"),
    ...options,
  });
  return {
    homes,
    stored,
    calls,
    /** From now on a call waits for `go` or `fail`. */
    hold: () => isHeld = true,
    go: () => {
      gates.shift()?.resolve();
      return settle();
    },
    fail: () => {
      gates.shift()?.reject(new Error("no luck"));
      return settle();
    },
  };
}

Deno.test("DeviceHomes answers from memory what was noted", async () => {
  const { homes, calls } = newHomes();
  homes.note("dev1", "ROOM1");
  homes.note("dev1", "ROOM2");
  assert.equal(await homes.find("dev1"), "ROOM2");
  assert.equal(homes.recall("dev1"), "ROOM2");
  assert.deepEqual(calls, []);
});

Deno.test("DeviceHomes reads once what is not in memory", async () => {
  const { homes, calls, stored } = newHomes();
  stored.set("dev1", "ROOM1");
  assert.equal(homes.recall("dev1"), undefined);
  assert.equal(await homes.find("dev1"), "ROOM1");
  assert.equal(await homes.find("dev1"), "ROOM1");
  assert.equal(homes.recall("dev1"), "ROOM1");
  assert.deepEqual(calls, ["read dev1"]);
});

Deno.test("DeviceHomes asks again about a device that had no home", async () => {
  const { homes, calls, stored } = newHomes();
  assert.equal(await homes.find("dev1"), undefined);
  stored.set("dev1", "ROOM1");
  assert.equal(await homes.find("dev1"), "ROOM1");
  assert.deepEqual(calls, ["read dev1", "read dev1"]);
});

Deno.test("DeviceHomes shares a read among all who ask for the device", async () => {
  const { homes, calls, stored, go, hold } = newHomes();
  stored.set("dev1", "ROOM1");
  hold();
  const found = [homes.find("dev1"), homes.find("dev1")];
  await settle();
  found.push(homes.find("dev1"));
  await go();
  assert.deepEqual(await Promise.all(found), ["ROOM1", "ROOM1", "ROOM1"]);
  assert.deepEqual(calls, ["read dev1"]);
});

Deno.test("DeviceHomes reads many devices together", async () => {
  const { homes, calls, stored } = newHomes();
  for (const number of [1, 2, 3, 4]) stored.set(`dev${number}`, `R${number}`);
  const asked = ["dev1", "dev2", "dev3", "dev4"].map((id) => homes.find(id));
  assert.deepEqual(await Promise.all(asked), ["R1", "R2", "R3", "R4"]);
  assert.deepEqual(calls, ["read dev1", "read dev2 dev3 dev4"]);
});

Deno.test("DeviceHomes answers with what was noted while it read", async () => {
  const { homes, stored, go, hold } = newHomes();
  stored.set("dev1", "OLD");
  hold();
  const found = homes.find("dev1");
  homes.note("dev1", "NEW");
  assert.equal(await homes.find("dev1"), "NEW");
  await go();
  assert.equal(await found, "NEW");
  assert.equal(homes.recall("dev1"), "NEW");
});

Deno.test("DeviceHomes answers with what was noted and pushed out while it read", async () => {
  const { homes, stored, go, hold } = newHomes({ sizeMax: 1 });
  stored.set("dev1", "OLD");
  hold();
  const found = homes.find("dev1");
  homes.note("dev1", "NEW");
  homes.note("dev2", "ROOM2");
  assert.equal(homes.recall("dev1"), undefined);
  await go();
  assert.equal(await found, "NEW");
});

Deno.test("DeviceHomes remembers as many devices as it may", () => {
  const { homes } = newHomes({ sizeMax: 3 });
  const known = () =>
    ["dev1", "dev2", "dev3", "dev4"].filter((deviceId) =>
      homes.recall(deviceId) !== undefined
    );
  homes.note("dev1", "R");
  homes.note("dev2", "R");
  assert.deepEqual(known(), ["dev1", "dev2"]);
  homes.note("dev3", "R");
  assert.deepEqual(known(), ["dev1", "dev2", "dev3"]);
  homes.note("dev4", "R");
  assert.deepEqual(known(), ["dev2", "dev3", "dev4"]);
});

Deno.test("DeviceHomes forgets the device that was used longest ago", async () => {
  const { homes } = newHomes({ sizeMax: 3 });
  for (const deviceId of ["dev1", "dev2", "dev3"]) homes.note(deviceId, "R");
  homes.note("dev1", "R");
  await homes.find("dev2");
  homes.note("dev4", "R");
  assert.equal(homes.recall("dev3"), undefined);
  homes.note("dev5", "R");
  assert.equal(homes.recall("dev1"), undefined);
  assert.equal(homes.recall("dev2"), "R");
});

Deno.test("DeviceHomes flushes before a read, once, where it has forgotten", async () => {
  const { homes, calls } = newHomes({ sizeMax: 2 });
  homes.note("dev1", "R");
  homes.note("dev2", "R");
  await homes.find("dev3");
  assert.deepEqual(calls.splice(0), ["read dev3"]);
  homes.note("dev4", "R");
  await homes.find("dev1");
  assert.deepEqual(calls.splice(0), ["flush", "read dev1"]);
  await homes.find("dev1");
  assert.deepEqual(calls, ["read dev1"]);
});

Deno.test("DeviceHomes flushes again for what it forgot during a flush", async () => {
  const { homes, calls, go, hold } = newHomes({ sizeMax: 1 });
  homes.note("dev1", "R");
  homes.note("dev2", "R");
  hold();
  const first = homes.find("dev1");
  homes.note("dev3", "R");
  const second = homes.find("dev2");
  for (let call = 0; call < 4; call++) await go();
  await Promise.all([first, second]);
  assert.deepEqual(calls, ["flush", "read dev1", "flush", "read dev2"]);
});

Deno.test("DeviceHomes reads nothing when the flush fails, and flushes again", async () => {
  const { homes, calls, fail, go, hold, stored } = newHomes({ sizeMax: 1 });
  homes.note("dev1", "R");
  homes.note("dev2", "R");
  hold();
  const found = assert.rejects(homes.find("dev1"), /no luck/);
  await fail();
  await found;
  stored.set("dev1", "R");
  const again = homes.find("dev1");
  await go();
  await go();
  assert.equal(await again, "R");
  assert.deepEqual(calls, ["flush", "flush", "read dev1"]);
});

Deno.test("DeviceHomes rejects as the read does, and reads again", async () => {
  const { homes, calls, fail, go, hold, stored } = newHomes();
  stored.set("dev1", "R");
  hold();
  const found = assert.rejects(homes.find("dev1"), /no luck/);
  await fail();
  await found;
  const again = homes.find("dev1");
  await go();
  assert.equal(await again, "R");
  assert.deepEqual(calls, ["read dev1", "read dev1"]);
});
