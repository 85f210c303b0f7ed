import assert from "node:assert/strict";
import { START_AT } from "../support/fake_clock.ts";
import { countedWork } from "./counted_work.ts";
import { newPresence, type PresenceWorld } from "./presence_world.ts";

const AWAY_MS = 300_000;

/** Ends a world, and shows that no timer is left. */
async function end({ book, clock }: PresenceWorld): Promise<void> {
  await book.stop();
  assert.equal(clock.armed, 0);
}

Deno.test("PresenceBook has a user online from the first connection to the last", async () => {
  const world = newPresence();
  await world.book.start();
  assert.equal(world.book.of("ann"), undefined);
  world.connect("s1", "ann", "r1");
  assert.deepEqual(world.book.of("ann"), {
    userId: "ann",
    nickname: "Ann",
    status: "online",
    isOnline: true,
    lastSeenAt: START_AT,
    roomId: "r1",
  });
  world.connect("s2", "ann");
  assert.equal(world.book.onlineCount, 1);
  world.book.disconnect("s1");
  assert.equal(world.status("ann"), "online");
  await world.clock.advance(5000);
  world.book.disconnect("s2");
  assert.deepEqual(world.book.of("ann"), {
    userId: "ann",
    nickname: "Ann",
    status: "offline",
    isOnline: false,
    lastSeenAt: START_AT + 5000,
    roomId: "r1",
  });
  assert.equal(world.book.onlineCount, 0);
  await end(world);
});

Deno.test("PresenceBook makes nobody online at a start, and says so to the store", async () => {
  const world = newPresence();
  const seen = { userId: "ann", nickname: "Ann", lastSeenAt: 7, roomId: "r1" };
  world.store.rows.set("ann", { ...seen, isOnline: true });
  await world.book.start();
  assert.equal(world.store.offlineCalls, 1);
  assert.equal(world.book.onlineCount, 0);
  assert.deepEqual(await world.book.facts(["ann"]), [
    { ...seen, status: "offline", isOnline: false },
  ]);
  await end(world);
});

Deno.test("PresenceBook makes who does nothing for 300 s away, and no sooner", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  await world.clock.advance(AWAY_MS - 1);
  assert.equal(world.status("ann"), "online");
  await world.clock.advance(1);
  assert.equal(world.status("ann"), "away");
  assert.equal(world.book.of("ann")?.isOnline, true);
  await end(world);
});

Deno.test("PresenceBook counts silence from the last activity on any connection", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  world.connect("s2", "ann");
  await world.clock.advance(AWAY_MS - 1);
  world.book.touch("s2");
  await world.clock.advance(AWAY_MS - 1);
  assert.equal(world.status("ann"), "online");
  // The look comes each second, so at most one second late.
  await world.clock.advance(1001);
  assert.equal(world.status("ann"), "away");
  await end(world);
});

Deno.test("PresenceBook has who was away back online at the next activity", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  await world.clock.advance(AWAY_MS);
  world.book.touch("s1");
  assert.equal(world.status("ann"), "online");
  assert.equal(world.book.of("ann")?.lastSeenAt, START_AT + AWAY_MS);
  await world.clock.advance(AWAY_MS - 1);
  assert.equal(world.status("ann"), "online");
  await world.clock.advance(1);
  assert.equal(world.status("ann"), "away");
  world.connect("s2", "ann");
  assert.equal(world.status("ann"), "online");
  await end(world);
});

Deno.test("PresenceBook never makes anyone away when that is off", async () => {
  const world = newPresence({ awayAfterMs: 0 });
  await world.book.start();
  world.connect("s1", "ann");
  await world.clock.advance(24 * 3_600_000);
  assert.equal(world.status("ann"), "online");
  await end(world);
});

Deno.test("PresenceBook counts silence by a clock that is not set back", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  await world.clock.advance(10_000);
  world.book.touch("s1");
  world.clock.setBack(3_600_000);
  world.book.touch("s1");
  assert.equal(world.book.of("ann")?.lastSeenAt, START_AT + 10_000);
  await world.clock.advance(AWAY_MS);
  assert.equal(world.status("ann"), "away");
  await end(world);
});

Deno.test("PresenceBook keeps busy and away as they were chosen, over any silence", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  world.connect("s2", "bob");
  world.book.choose("ann", "busy");
  world.book.choose("bob", "away");
  await world.clock.advance(2 * AWAY_MS);
  assert.equal(world.status("ann"), "busy");
  assert.equal(world.status("bob"), "away");
  world.book.touch("s1");
  world.book.touch("s2");
  world.connect("s3", "bob");
  assert.equal(world.status("ann"), "busy");
  assert.equal(world.status("bob"), "away");
  world.book.choose("ann", "online");
  world.book.choose("bob", "online");
  assert.equal(world.status("ann"), "online");
  assert.equal(world.status("bob"), "online");
  await end(world);
});

Deno.test("PresenceBook passes over offline when it is chosen", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  world.book.choose("ann", "busy");
  world.book.choose("ann", "offline");
  assert.equal(world.status("ann"), "busy");
  assert.equal(world.book.onlineCount, 1);
  await end(world);
});

Deno.test("PresenceBook forgets a choice with the last connection", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  world.book.choose("ann", "busy");
  world.book.disconnect("s1");
  assert.equal(world.status("ann"), "offline");
  world.connect("s2", "ann");
  assert.equal(world.status("ann"), "online");
  await end(world);
});

Deno.test("PresenceBook brings nobody online who says so without a connection", async () => {
  const world = newPresence();
  await world.book.start();
  world.book.choose("ann", "online");
  assert.equal(world.book.of("ann"), undefined);
  world.connect("s1", "ann");
  world.book.disconnect("s1");
  await world.clock.advance(500);
  world.book.choose("ann", "busy");
  assert.equal(world.status("ann"), "offline");
  assert.equal(world.book.of("ann")?.lastSeenAt, START_AT + 500);
  await end(world);
});

Deno.test("PresenceBook keeps when a user was seen without a connection", async () => {
  const world = newPresence();
  await world.book.start();
  world.book.see({ userId: "ann", nickname: "Ann" });
  assert.equal(world.status("ann"), "offline");
  await world.clock.advance(1000);
  assert.deepEqual(world.store.rows.get("ann"), {
    userId: "ann",
    nickname: "Ann",
    lastSeenAt: START_AT,
    roomId: null,
    isOnline: false,
  });
  assert.equal(world.book.counts.held, 0);
  assert.deepEqual(world.notices, []);
  await end(world);
});

Deno.test("PresenceBook has a user in the room entered last that is still open", async () => {
  const world = newPresence();
  await world.book.start();
  const room = () => world.book.of("ann")?.roomId;
  world.connect("p", "ann");
  assert.equal(room(), null);
  world.connect("s1", "ann", "r1");
  world.connect("s2", "ann", "r2");
  world.connect("s3", "ann", "r3");
  assert.equal(room(), "r3");
  world.book.disconnect("s2");
  assert.equal(room(), "r3");
  world.book.disconnect("s3");
  assert.equal(room(), "r1");
  world.connect("p2", "ann");
  assert.equal(room(), "r1");
  world.book.disconnect("s1");
  assert.equal(room(), "r1");
  await end(world);
});

Deno.test("PresenceBook turns to a room that a user names, if they are in it", async () => {
  const world = newPresence();
  await world.book.start();
  const room = () => world.book.of("ann")?.roomId;
  world.connect("s1", "ann", "r1");
  world.connect("s2", "ann", "r2");
  world.book.choose("ann", "online", "r1");
  assert.equal(room(), "r1");
  world.book.choose("ann", "online", "r9");
  assert.equal(room(), "r1");
  world.book.disconnect("s1");
  assert.equal(room(), "r2");
  await end(world);
});

Deno.test("PresenceBook takes the nickname of the newest connection", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  const ann = { userId: "ann", roomId: null };
  world.book.connect({ ...ann, id: "s2", nickname: "安" });
  assert.equal(world.book.of("ann")?.nickname, "安");
  await end(world);
});

Deno.test("PresenceBook passes over what it does not know, and a known id", async () => {
  const world = newPresence();
  await world.book.start();
  world.book.disconnect("s1");
  world.book.touch("s1");
  world.connect("s1", "ann", "r1");
  world.connect("s1", "bob", "r2");
  assert.equal(world.book.of("bob"), undefined);
  world.book.disconnect("s1");
  world.book.disconnect("s1");
  assert.equal(world.book.onlineCount, 0);
  await end(world);
});

Deno.test("PresenceBook tells of all changes of a second in one notice", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  await world.clock.advance(0);
  assert.deepEqual(world.notices, [["ann"]]);
  world.connect("s2", "bob");
  world.connect("s3", "eve");
  world.book.choose("bob", "busy");
  world.book.touch("s2");
  await world.clock.advance(999);
  assert.equal(world.notices.length, 1);
  await world.clock.advance(1);
  assert.deepEqual(world.notices.slice(1), [["bob", "eve"]]);
  await world.clock.advance(AWAY_MS - 2000);
  assert.equal(world.notices.length, 2);
  await world.clock.advance(2000);
  assert.deepEqual(world.notices.slice(2).flat().sort(), ["ann", "eve"]);
  await end(world);
});

Deno.test("PresenceBook tells nothing of activity that changes nothing", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann", "r1");
  await world.clock.advance(5000);
  const told = world.notices.length;
  const writes = world.store.writes.length;
  world.book.touch("s1");
  world.book.choose("ann", "online", "r1");
  world.connect("s2", "ann", "r1");
  world.book.disconnect("s1");
  await world.clock.advance(5000);
  assert.equal(world.notices.length, told);
  assert.equal(world.store.writes.length, writes);
  await end(world);
});

Deno.test("PresenceBook writes a user once a second, whatever happens in it", async () => {
  const world = newPresence();
  await world.book.start();
  for (let round = 0; round < 50; round++) {
    world.connect(`s${round}`, "ann", `r${round}`);
    world.book.disconnect(`s${round}`);
    await world.clock.advance(100);
  }
  assert.deepEqual(world.store.writes, [1, 1, 1, 1, 1]);
  assert.equal(world.store.rows.get("ann")?.roomId, "r49");
  await end(world);
});

Deno.test("PresenceBook lets go of who is gone once the database knows", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann", "r1");
  world.connect("s2", "bob");
  world.book.disconnect("s1");
  assert.deepEqual(world.book.counts, {
    online: 1,
    held: 2,
    unwritten: 2,
    writeFailures: 0,
    forgotten: 0,
    untracked: 0,
  });
  await world.clock.advance(1000);
  assert.equal(world.book.of("ann"), undefined);
  assert.equal(world.status("bob"), "online");
  const [ann] = await world.book.facts(["ann"]);
  assert.deepEqual(ann, {
    userId: "ann",
    nickname: "Ann",
    status: "offline",
    isOnline: false,
    lastSeenAt: START_AT,
    roomId: "r1",
  });
  await end(world);
});

Deno.test("PresenceBook keeps who comes back while they are written as gone", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  world.book.disconnect("s1");
  const gate = Promise.withResolvers<void>();
  world.store.gate = gate.promise;
  await world.clock.advance(1000);
  world.connect("s2", "ann");
  gate.resolve();
  await world.clock.advance(0);
  assert.equal(world.store.rows.get("ann")?.isOnline, false);
  assert.equal(world.status("ann"), "online");
  await world.clock.advance(1000);
  assert.equal(world.store.rows.get("ann")?.isOnline, true);
  await end(world);
});

Deno.test("PresenceBook answers of many in the order asked for, from one read", async () => {
  const world = newPresence();
  await world.book.start();
  const eve = { userId: "eve", nickname: "Eve", lastSeenAt: 5, roomId: null };
  world.store.rows.set("eve", { ...eve, isOnline: false });
  world.connect("s1", "ann");
  const facts = await world.book.facts(["zoe", "ann", "eve", "zoe"]);
  assert.deepEqual(
    facts.map(({ userId, nickname, status, lastSeenAt }) => [
      userId,
      nickname,
      status,
      lastSeenAt,
    ]),
    [
      ["zoe", "zoe", "offline", null],
      ["ann", "Ann", "online", START_AT],
      ["eve", "Eve", "offline", 5],
      ["zoe", "zoe", "offline", null],
    ],
  );
  assert.deepEqual(world.store.reads, [["zoe", "eve"]]);
  await end(world);
});

Deno.test("PresenceBook knows who came, and who went, while it read", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "bob", "r1");
  const gate = Promise.withResolvers<void>();
  world.store.gate = gate.promise;
  const facts = world.book.facts(["ann", "bob"]);
  world.connect("s2", "ann");
  world.book.disconnect("s1");
  world.store.gate = undefined;
  await world.clock.advance(1000);
  assert.equal(world.book.of("bob"), undefined);
  gate.resolve();
  const rooms = (await facts).map(({ status, roomId }) => [status, roomId]);
  assert.deepEqual(rooms, [["online", null], ["online", "r1"]]);
  await end(world);
});

Deno.test("PresenceBook loses no row to a database that fails for an hour", async () => {
  const world = newPresence();
  await world.book.start();
  world.store.isBroken = true;
  for (const userId of ["ann", "bob", "eve"]) {
    world.connect(userId, userId, "r1");
    world.book.disconnect(userId);
  }
  await world.clock.advance(3_600_000);
  assert.equal(world.status("ann"), "offline");
  assert.equal(world.book.counts.unwritten, 3);
  const tries = world.book.counts.writeFailures;
  assert(tries >= 60 && tries < 70, `${tries} tries`);
  assert.deepEqual(world.log.texts, [
    "warn Presence cannot be written; it will be retried",
  ]);
  world.store.isBroken = false;
  await world.clock.advance(60_000);
  assert.deepEqual([...world.store.rows.keys()], ["ann", "bob", "eve"]);
  assert.equal(world.store.rows.get("ann")?.lastSeenAt, START_AT);
  assert.equal(world.book.counts.held, 0);
  assert.equal(world.log.texts[1], "info Presence is written again");
  await end(world);
});

Deno.test("PresenceBook gives up who is gone longest at its bound, and counts it", async () => {
  const world = newPresence({ usersMax: 3 });
  await world.book.start();
  world.store.isBroken = true;
  for (const userId of ["ann", "bob"]) {
    world.connect(userId, userId);
    world.book.disconnect(userId);
  }
  world.connect("eve", "eve");
  world.connect("bob", "bob");
  assert.equal(world.book.counts.forgotten, 0);
  world.connect("zoe", "zoe");
  assert.equal(world.book.of("ann"), undefined);
  assert.equal(world.book.counts.forgotten, 1);
  world.connect("kim", "kim");
  assert.equal(world.book.of("kim"), undefined);
  const { online, held, untracked } = world.book.counts;
  assert.deepEqual({ online, held, untracked }, {
    online: 3,
    held: 3,
    untracked: 1,
  });
  world.book.touch("kim");
  world.book.disconnect("kim");
  world.store.isBroken = false;
  await world.book.flush();
  assert.deepEqual([...world.store.rows.keys()].sort(), ["bob", "eve", "zoe"]);
  await end(world);
});

Deno.test("PresenceBook writes what is unwritten when it stops", async () => {
  const world = newPresence();
  await world.book.start();
  world.connect("s1", "ann");
  world.connect("s2", "bob");
  world.book.disconnect("s1");
  await end(world);
  assert.equal(world.store.rows.get("ann")?.isOnline, false);
  assert.equal(world.store.rows.get("bob")?.isOnline, true);
});

Deno.test("PresenceBook goes on when nobody hears its notice", async () => {
  const world = newPresence({
    onChange: () => {
      throw new Error("deaf");
    },
  });
  await world.book.start();
  world.connect("s1", "ann");
  await world.clock.advance(1000);
  assert.deepEqual(world.log.texts, ["error A notice of changed users failed"]);
  assert.equal(world.status("ann"), "online");
  await end(world);
});

/** Fills a book; user `u<index>` has connection `s<index>`. */
function crowd(userCount: number): PresenceWorld {
  const world = newPresence();
  for (let index = 0; index < userCount; index++) {
    world.connect(`s${index}`, `u${index}`, `r${index % 1000}`);
  }
  return world;
}

Deno.test("PresenceBook reads and takes notes as cheaply with 100,000 users", async () => {
  const few = crowd(100);
  const many = crowd(100_000);
  const works = ({ book }: PresenceWorld) => [
    countedWork(() => void book.of("u50")),
    countedWork(() => void book.onlineCount),
    countedWork(() => void book.counts),
    countedWork(() => book.touch("s50")),
    countedWork(() => book.choose("u50", "busy", "r50")),
    countedWork(() => void book.facts(["u1", "u50", "u99"])),
    countedWork(() => book.disconnect("s50")),
  ];
  const cost = works(few);
  assert.deepEqual(works(many), cost);
  assert(Math.max(...cost) < 40, `${cost}`);
  assert.equal(many.book.onlineCount, 99_999);
  await end(few);
  await end(many);
});

Deno.test("PresenceBook writes and tells of 100,000 users in bounded parts", async () => {
  const world = crowd(100_000);
  await world.book.start();
  await world.clock.advance(1000);
  assert.deepEqual(new Set(world.store.writes), new Set([500]));
  assert.equal(world.store.rows.size, 100_000);
  assert.equal(world.notices.length, 1);
  const facts = await world.book.facts(["u1", "u99999", "u100000"]);
  assert.deepEqual(facts.map(({ isOnline }) => isOnline), [true, true, false]);
  assert.deepEqual(world.store.reads, [["u100000"]]);
  await end(world);
});

Deno.test("PresenceBook looks at 2000 silent users at a time", async () => {
  const world = crowd(5000);
  await world.clock.advance(AWAY_MS);
  const away = () => {
    let count = 0;
    for (let index = 0; index < 5000; index++) {
      if (world.status(`u${index}`) === "away") count += 1;
    }
    return count;
  };
  assert.deepEqual([world.book.sweep(), away()], [true, 2000]);
  assert.deepEqual([world.book.sweep(), away()], [true, 4000]);
  assert.deepEqual([world.book.sweep(), away()], [false, 5000]);
  await end(world);
});
