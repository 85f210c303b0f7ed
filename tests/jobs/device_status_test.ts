import assert from "node:assert/strict";
import { logFormatter } from "../../src/base/log_format.ts";
import {
  deviceStatusJob,
  type DeviceStatusOptions,
  type StatusRoom,
} from "../../src/jobs/device_status.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RecordingLog } from "../support/recording_log.ts";

const MINUTE_MS = 60_000;

type Device = { userId: string; nickname: string };
type Facts = ReturnType<StatusRoom["facts"]>;

/** A room of devices, of one connection each. */
class SketchedDevices implements StatusRoom {
  readonly #clock: FakeClock;
  readonly id: string;
  devices: Device[] = [];
  current: Facts;

  constructor(id: string, clock: FakeClock) {
    this.id = id;
    this.#clock = clock;
    this.current = {
      kind: "device",
      currentUsers: 0,
      sessions: 0,
      totalJoins: 0,
      emptySinceAt: clock.now(),
    };
  }

  enter(...deviceIds: string[]): this {
    const more = deviceIds.map((userId) => ({ userId, nickname: "sensor" }));
    this.devices.push(...more);
    return this.set({
      currentUsers: this.devices.length,
      sessions: this.devices.length,
      totalJoins: this.current.totalJoins + more.length,
      emptySinceAt: null,
    });
  }

  leave(): this {
    this.devices = [];
    const emptySinceAt = this.#clock.now();
    return this.set({ currentUsers: 0, sessions: 0, emptySinceAt });
  }

  set(facts: Partial<Facts>): this {
    this.current = { ...this.current, ...facts };
    return this;
  }

  facts(): Facts {
    return this.current;
  }

  members(): Iterable<Device> {
    return this.devices;
  }
}

/** A server's rooms, and the job that tells of them. */
function newWorld(options: Partial<DeviceStatusOptions> = {}) {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const rooms: SketchedDevices[] = [];
  const relayed = { in: 0, out: 0 };
  const job = deviceStatusJob({
    rooms: () => rooms,
    traffic: { relayed: () => Promise.resolve({ ...relayed }) },
    clock,
    yield: queueMicrotask,
    log,
    ...options,
  });
  function open(id: string): SketchedDevices {
    const room = new SketchedDevices(id, clock);
    rooms.push(room);
    return room;
  }
  /** The lines of the next minute. */
  async function minute(signal = new AbortController().signal) {
    const known = log.lines.length;
    await clock.advance(MINUTE_MS);
    await job.run(signal);
    return log.lines.slice(known).map(({ line, fields }) => {
      return { line, fields };
    });
  }
  return { clock, job, log, rooms, relayed, open, minute };
}

Deno.test("deviceStatusJob is due each minute", () => {
  const { job } = newWorld();
  assert.deepEqual([job.name, job.schedule], ["device_status", "* * * * *"]);
});

Deno.test("deviceStatusJob tells who is connected, and what was said since", async () => {
  const { minute, open, relayed } = newWorld();
  open("ROOM0001").enter("pump-1", "pump-2").set({ sessions: 3 });
  open("ROOM0002").enter("phone-1");
  open("EMPTY001");
  Object.assign(relayed, { in: 5, out: 9 });
  assert.deepEqual(await minute(), [{
    line: "Server status: 4 clients connected, 2 active rooms",
    fields: {
      event: "device_status",
      connections: 4,
      rooms: 2,
      messages_in: 5,
      messages_out: 9,
      devices: [
        {
          room: "ROOM0001",
          devices: ["pump-1:sensor", "pump-2:sensor"],
          devices_left_out: 0,
        },
        {
          room: "ROOM0002",
          devices: ["phone-1:sensor"],
          devices_left_out: 0,
        },
      ],
      rooms_left_out: 0,
    },
  }]);
  Object.assign(relayed, { in: 7, out: 9 });
  const [next] = await minute();
  assert.deepEqual(
    [next?.fields?.messages_in, next?.fields?.messages_out],
    [2, 0],
  );
});

Deno.test("deviceStatusJob passes over rooms that are not of devices", async () => {
  const { minute, open } = newWorld();
  open("chat").enter("u1").set({ kind: "chat" });
  open("managed").enter("u1").set({ kind: "managed" });
  assert.deepEqual(await minute(), []);
  open("ROOM0001").enter("pump-1");
  const [status] = await minute();
  assert.deepEqual(
    [status?.fields?.connections, status?.fields?.rooms],
    [1, 1],
  );
});

Deno.test("deviceStatusJob says nothing while no device is there", async () => {
  const { minute, open } = newWorld();
  assert.deepEqual(await minute(), []);
  const room = open("ROOM0001");
  assert.deepEqual(await minute(), []);
  room.enter("pump-1");
  assert.equal((await minute()).length, 1);
  room.leave();
  // It was there in this minute.
  const [last] = await minute();
  assert.equal(
    last?.line,
    "Server status: 0 clients connected, 0 active rooms",
  );
  assert.deepEqual(await minute(), []);
});

Deno.test("deviceStatusJob tells of a device that came and went in between", async () => {
  const { minute, open, relayed } = newWorld();
  open("ROOM0001").enter("pump-1").leave();
  assert.equal((await minute()).length, 1);
  assert.deepEqual(await minute(), []);
  // Its room has ended by now.
  relayed.in = 1;
  const [status] = await minute();
  assert.equal(status?.fields?.messages_in, 1);
  assert.deepEqual(await minute(), []);
});

Deno.test("deviceStatusJob names at most 50 rooms, the fullest first", async () => {
  const { minute, open } = newWorld();
  for (let index = 0; index < 50; index++) {
    open(`R${index}`).enter("a", "b");
  }
  const all = await minute();
  assert.equal(all[0]?.fields?.rooms_left_out, 0);
  open("FULL").enter("a", "b", "c");
  open("THIN").enter("a");
  const [status] = await minute();
  const named = status?.fields?.devices as { room: string }[];
  assert.equal(named.length, 50);
  assert.deepEqual(
    [named[0], named[1], named[49]].map((one) => one?.room),
    ["FULL", "R0", "R48"],
  );
  assert.equal(status?.fields?.rooms_left_out, 2);
});

Deno.test("deviceStatusJob names at most 50 devices of a room", async () => {
  const { minute, open } = newWorld();
  const ids = Array.from({ length: 51 }, (_, index) => `d${index}`);
  open("FULL").enter(...ids);
  open("FIT").enter(...ids.slice(1));
  const [status] = await minute();
  const [full, fit] = status?.fields?.devices as {
    devices: string[];
    devices_left_out: number;
  }[];
  assert.deepEqual([full?.devices.length, full?.devices_left_out], [50, 1]);
  assert.deepEqual([fit?.devices.length, fit?.devices_left_out], [50, 0]);
  assert.equal(full?.devices.at(-1), "d49:sensor");
});

Deno.test("deviceStatusJob cuts long names", async () => {
  const { minute, open } = newWorld();
  const fits = "d".repeat(128 - ":sensor".length);
  open("ROOM0001").enter(fits, `${fits}!`);
  const [status] = await minute();
  const [room] = status?.fields?.devices as { devices: string[] }[];
  assert.deepEqual(room?.devices, [
    `${fits}:sensor`,
    `${fits}!:senso…`,
  ]);
});

Deno.test("deviceStatusJob names a room whose id looks like a secret's name", async () => {
  const { minute, open } = newWorld();
  open("MONKEY12").enter("pump-1");
  open("__proto__").enter("pump-2");
  const [status] = await minute();
  const format = logFormatter({ format: "json", colors: false });
  const fields = status?.fields ?? {};
  const { devices } = JSON.parse(format("info", "", { timestamp: 0, fields }));
  assert.deepEqual(devices, [
    { room: "MONKEY12", devices: ["pump-1:sensor"], devices_left_out: 0 },
    { room: "__proto__", devices: ["pump-2:sensor"], devices_left_out: 0 },
  ]);
});

Deno.test("deviceStatusJob walks 100,000 rooms in slices of 5 ms at most", async () => {
  class BusyClock extends FakeClock {
    spentMs = 0;
    override monotonic(): number {
      return super.monotonic() + this.spentMs;
    }
  }
  const clock = new BusyClock();
  const slicesMs: number[] = [];
  let startedMs = 0;
  const { job, log, open } = newWorld({
    clock,
    yield: (next) => {
      slicesMs.push(clock.spentMs - startedMs);
      startedMs = clock.spentMs;
      queueMicrotask(next);
    },
  });
  const facts = open("ROOM0000").enter("pump-1").facts();
  for (let index = 1; index < 100_000; index++) {
    open(`ROOM${index}`).facts = () => {
      clock.spentMs += 0.01;
      return facts;
    };
  }
  await job.run(new AbortController().signal);
  assert.equal(log.lines[0]?.fields?.rooms, 100_000);
  assert(slicesMs.length >= 1000 / 5 - 1, `${slicesMs.length} slices`);
  assert(Math.max(...slicesMs) <= 5, `${Math.max(...slicesMs)} ms`);
});

Deno.test("deviceStatusJob tells nothing half once it is to stop", async () => {
  const { minute, open, relayed } = newWorld();
  const aborter = new AbortController();
  const room = open("ROOM0001").enter("pump-1");
  const { facts } = room;
  room.facts = () => {
    aborter.abort();
    return facts.call(room);
  };
  open("ROOM0002").enter("pump-2");
  relayed.in = 1;
  assert.deepEqual(await minute(aborter.signal), []);
});
