import assert from "node:assert/strict";
import { LinkMemory } from "../../src/live/link_memory.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { settle } from "../support/fake_clock.ts";
import {
  chatOf,
  endMessage,
  FakeSource,
  neverAnswers,
} from "../support/fake_source.ts";
import { addLive, during, newWorld, type World } from "./supervisor_world.ts";

function stateOf({ supervisor }: World, liveId = "1"): string | undefined {
  return supervisor.status(liveId)?.state;
}

Deno.test("Supervisor connects a live room that is asked for, and feeds its room", async () => {
  const world = newWorld();
  const { supervisor, source, rooms, store, clock } = world;
  await supervisor.start();
  const { isNew, status } = await supervisor.add("1");
  assert.deepEqual([isNew, status.state], [true, "connecting"]);
  assert.equal(store.rows.get("1")?.isWanted, true);
  source.last.open();
  assert.equal(stateOf(world), "live");
  source.last.say(chatOf("hello"), chatOf("again"));
  await settle();
  assert.deepEqual(rooms.find("1")?.contents, ["hello", "again"]);
  assert.deepEqual(rooms.find("1")?.states, ["waiting", "connecting", "live"]);
  await clock.advance(1000);
  const view = supervisor.view("1");
  assert.deepEqual([view?.stats.chats, view?.roomId], [2, "room-1"]);
  const told = rooms.find("1")?.news.filter(({ type }) =>
    type === "live_stats"
  );
  assert.equal(told?.length, 1);
  await supervisor.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Supervisor does nothing upstream when a live room is asked for again", async () => {
  const world = newWorld();
  await addLive(world);
  const again = await world.supervisor.add("1");
  assert.deepEqual([again.isNew, again.status.state], [false, "live"]);
  assert.equal(world.source.connections.length, 1);
  assert.equal(world.source.checked.length, 1);
  await world.supervisor.stop();
});

Deno.test("Supervisor shares one attempt among those who ask at once", async () => {
  const world = newWorld();
  const adds = await Promise.all(
    ["1", "1", "1"].map((liveId) => world.supervisor.add(liveId)),
  );
  assert.deepEqual(adds.map(({ isNew }) => isNew), [true, false, false]);
  assert.deepEqual(world.source.checked, ["1"]);
  await world.supervisor.stop();
});

for (
  const [answer, code, message] of [
    [{ kind: "ended" }, "live_ended", "直播间未开播或已结束"],
    [{ kind: "abnormal", code: 4 }, "live_abnormal", "直播间状态异常: 4"],
    [
      { kind: "unknown", fault: "status_unknown" },
      "live_status_unknown",
      "无法获取直播间状态",
    ],
  ] as const
) {
  Deno.test(`Supervisor leaves nothing of a live room that is ${answer.kind}`, async () => {
    const { supervisor, source, store, rooms } = newWorld();
    source.answer = answer;
    await assert.rejects(supervisor.add("1"), { code, message });
    assert.equal(supervisor.status("1"), undefined);
    assert.deepEqual([store.rows.size, store.leases.size], [0, 0]);
    assert.equal(rooms.made.length, 0);
    await supervisor.stop();
  });
}

Deno.test("Supervisor leaves nothing of a live room that cannot be stored", async () => {
  for (const broken of ["saveLinks", "holdLeases"] as const) {
    const { supervisor, store, rooms } = newWorld();
    store.broken.add(broken);
    await assert.rejects(supervisor.add("1"), { code: "storage_unavailable" });
    assert.equal(supervisor.status("1"), undefined);
    assert.deepEqual([store.leases.size, rooms.made.length], [0, 0]);
    await supervisor.stop();
  }
});

Deno.test("Supervisor leaves nothing of a live room whose room cannot be made", async () => {
  const { supervisor, store, rooms } = newWorld();
  rooms.refusal = new ChatError("too_many_rooms");
  await assert.rejects(supervisor.add("1"), { code: "too_many_rooms" });
  assert.deepEqual([store.rows.size, store.leases.size], [0, 0]);
  await supervisor.stop();
});

Deno.test("Supervisor gives up a check that does not answer in 10 s", async () => {
  const { supervisor, source, clock } = newWorld();
  source.onCheck = neverAnswers;
  const result = await during(clock, 10_000, supervisor.add("1"));
  assert.equal(result.status, "rejected");
  await supervisor.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Supervisor refuses a source that it does not know", async () => {
  const { supervisor } = newWorld();
  await assert.rejects(supervisor.add("1", "other"), {
    code: "live_source_unknown",
  });
});

Deno.test("Supervisor refuses a live room beyond linksMax; ended ones do not count", async () => {
  const world = newWorld({ linksMax: 2 });
  await addLive(world, "1");
  await addLive(world, "2");
  await assert.rejects(world.supervisor.add("3"), { code: "live_links_full" });
  world.source.of("1").say(endMessage());
  await addLive(world, "3");
  await assert.rejects(world.supervisor.retry("1"), {
    code: "live_links_full",
  });
  await world.supervisor.stop();
});

Deno.test("Supervisor stops a live room that nobody wants", async () => {
  const world = newWorld();
  const { supervisor, source, store } = world;
  assert.equal(await supervisor.remove("1"), false);
  await addLive(world);
  source.last.say(chatOf("kept"));
  assert.equal(await supervisor.remove("1"), true);
  assert.deepEqual(source.last.asked, ["close"]);
  assert.equal(stateOf(world), "stopped");
  assert.deepEqual(supervisor.all(), []);
  assert.equal(store.rows.get("1")?.isWanted, false);
  assert.equal(store.leases.size, 0);
  await settle();
  assert.deepEqual(world.rooms.find("1")?.contents, ["kept"]);
  assert.equal(await supervisor.remove("1"), false);
  await supervisor.stop();
});

Deno.test("Supervisor starts a stopped live room again in the same room", async () => {
  const world = newWorld();
  await addLive(world);
  world.source.last.say(chatOf("one", "id-1"));
  await settle();
  await world.supervisor.remove("1");
  await addLive(world);
  world.source.last.say(chatOf("one", "id-1"), chatOf("two", "id-2"));
  await settle();
  assert.equal(world.rooms.made.length, 1);
  assert.deepEqual(world.rooms.find("1")?.contents, ["one", "two"]);
  assert.equal(world.supervisor.view("1")?.stats.chats, 2);
  await world.supervisor.stop();
});

Deno.test("Supervisor ends a start whose live room is removed meanwhile", async () => {
  const { supervisor, source, store, clock } = newWorld();
  source.onCheck = neverAnswers;
  const adding = Promise.allSettled([supervisor.add("1")]);
  await settle();
  assert.equal(await supervisor.remove("1"), true);
  const [result] = await adding;
  assert(result.status === "rejected");
  assert.equal(result.reason.code, "live_not_found");
  assert.deepEqual([store.rows.size, store.leases.size], [0, 0]);
  source.onCheck = undefined;
  assert.equal((await supervisor.add("1")).isNew, true);
  await supervisor.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Supervisor.remove ends a start that begins while the links are read", async () => {
  const { supervisor, source, store, clock } = newWorld();
  source.onCheck = neverAnswers;
  const removing = supervisor.remove("1");
  const adding = Promise.allSettled([supervisor.add("1")]);
  assert.equal(await removing, true);
  const [result] = await adding;
  assert(result.status === "rejected");
  assert.equal(result.reason.code, "live_not_found");
  assert.deepEqual([store.rows.size, store.leases.size], [0, 0]);
  await supervisor.stop();
  assert.equal(clock.armed, 0);
});

Deno.test("Supervisor.remove of an ended room stops it although a retry follows at once", async () => {
  const world = newWorld();
  const { supervisor, source, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  source.last.say(endMessage());
  await settle();
  const removing = supervisor.remove("1");
  const retrying = supervisor.retry("1");
  assert.equal(await removing, true);
  assert.equal((await retrying).state, "stopped");
  await clock.advance(20_000);
  const { state, isWanted } = supervisor.status("1") ?? {};
  assert.deepEqual([state, isWanted], ["stopped", false]);
  assert.equal(store.rows.get("1")?.isWanted, false);
  assert.equal(store.leases.size, 0);
  await supervisor.stop();
});

Deno.test("Supervisor keeps its lease when a start follows a removal at once", async () => {
  const world = newWorld();
  await addLive(world);
  const removing = world.supervisor.remove("1");
  await settle();
  await world.supervisor.add("1");
  await removing;
  assert.equal(world.store.leases.size, 1);
  assert.equal(world.store.rows.get("1")?.isWanted, true);
  await world.supervisor.stop();
});

Deno.test("Supervisor stops a live room although it cannot be stored, and stores it later", async () => {
  const world = newWorld();
  await world.supervisor.start();
  await addLive(world);
  world.store.broken.add("saveLinks");
  assert.equal(await world.supervisor.remove("1"), true);
  assert.equal(world.store.rows.get("1")?.isWanted, true);
  world.store.broken.clear();
  await world.clock.advance(5000);
  assert.equal(world.store.rows.get("1")?.isWanted, false);
  await world.supervisor.stop();
});

Deno.test("Supervisor brings back what was wanted, with its statistics", async () => {
  const before = newWorld();
  const { clock, store, rooms } = before;
  await addLive(before, "1");
  await addLive(before, "2");
  before.source.of("1").say(chatOf("a", "id-a"), chatOf("b", "id-b"));
  await settle();
  await before.supervisor.remove("2");
  await before.supervisor.stop();
  store.ids.set("room-1", ["id-a", "id-b", "id-c"]);
  store.counted.set("room-1", {
    counts: [{ type: "chat", messages: 1, count: 1 }],
    lastSeq: 3,
  });
  const after = newWorld({ clock, store, rooms });
  await after.supervisor.start();
  await settle();
  after.source.of("1").open();
  assert.equal(stateOf(after), "live");
  assert.equal(stateOf(after, "2"), "stopped");
  assert.equal(after.supervisor.view("1")?.stats.chats, 3);
  after.source.of("1").say(chatOf("c", "id-c"), chatOf("d", "id-d"));
  await settle();
  assert.deepEqual(rooms.find("1")?.contents, ["a", "b", "d"]);
  assert.equal(after.source.connections.length, 1);
  await after.supervisor.stop();
});

Deno.test("Supervisor brings many back spread over a second", async () => {
  const before = newWorld();
  for (const liveId of ["1", "2"]) await addLive(before, liveId);
  await before.supervisor.stop();
  const { clock, store, rooms } = before;
  const after = newWorld({ clock, store, rooms });
  await after.supervisor.start();
  await settle();
  assert.equal(after.source.checked.length, 0);
  await clock.advance(500);
  assert.equal(after.source.connections.length, 2);
  await after.supervisor.stop();
});

Deno.test("Supervisor reads its links later when it cannot at the start", async () => {
  const before = newWorld();
  await addLive(before);
  await before.supervisor.stop();
  const { clock, store, rooms } = before;
  const after = newWorld({ clock, store, rooms });
  store.broken.add("links");
  await after.supervisor.start();
  assert.deepEqual(after.supervisor.all(), []);
  store.broken.clear();
  await clock.advance(5000);
  assert.equal(stateOf(after), "connecting");
  await after.supervisor.stop();
});

Deno.test("Supervisor keeps ended live rooms ended over a restart, and starts them by retry", async () => {
  const before = newWorld();
  await addLive(before);
  before.source.last.say(endMessage());
  await settle();
  assert.equal(before.store.rows.get("1")?.isEnded, true);
  assert.equal(before.store.leases.size, 0);
  await before.supervisor.stop();
  const { clock, store, rooms } = before;
  const after = newWorld({ clock, store, rooms });
  await after.supervisor.start();
  await clock.advance(120_000);
  assert.equal(stateOf(after), "ended");
  assert.equal(after.supervisor.all().length, 1);
  assert.equal(after.source.checked.length, 0);
  await after.supervisor.retry("1");
  await settle();
  assert.equal(stateOf(after), "connecting");
  assert.equal(store.rows.get("1")?.isWanted, true);
  await after.supervisor.stop();
});

Deno.test("Supervisor accepts an ended live room when it follows, and polls it", async () => {
  const world = newWorld({ isFollowing: true });
  const { supervisor, source, clock } = world;
  await supervisor.start();
  source.answer = { kind: "ended" };
  const { isNew, status } = await supervisor.add("1");
  assert.deepEqual([isNew, status.state, status.isWanted], [
    true,
    "ended",
    true,
  ]);
  await clock.advance(59_999);
  assert.equal(source.checked.length, 1);
  source.answer = { kind: "live" };
  await clock.advance(1);
  assert.equal(stateOf(world), "connecting");
  await supervisor.stop();
});

Deno.test("Supervisor makes a new room at once when an operator ends one", async () => {
  const world = newWorld();
  const { supervisor, source, rooms } = world;
  await addLive(world);
  source.last.say(chatOf("old"));
  await settle();
  const old = rooms.find("1");
  assert(old !== undefined);
  old.isEnded = true;
  supervisor.roomEnded(old.id);
  assert.equal(supervisor.view("1")?.roomId, "room-2");
  source.last.say(chatOf("new"));
  await settle();
  assert.deepEqual(rooms.find("1")?.contents, ["new"]);
  assert.deepEqual(rooms.find("1")?.states, ["live"]);
  assert.equal(supervisor.view("1")?.roomId, "room-2");
  await supervisor.stop();
});

Deno.test("Supervisor makes a new room with the next message when it cannot at once", async () => {
  const world = newWorld();
  const { supervisor, source, rooms } = world;
  await addLive(world);
  const old = rooms.find("1");
  assert(old !== undefined);
  old.isEnded = true;
  rooms.refusal = new ChatError("too_many_rooms");
  supervisor.roomEnded(old.id);
  assert.equal(supervisor.view("1")?.roomId, null);
  rooms.refusal = undefined;
  source.last.say(chatOf("new"));
  await settle();
  assert.deepEqual(rooms.find("1")?.contents, ["new"]);
  assert.equal(supervisor.view("1")?.roomId, "room-2");
  await supervisor.stop();
});

Deno.test("Supervisor forgets a stopped live room whose room ends", async () => {
  const world = newWorld();
  await addLive(world);
  await world.supervisor.remove("1");
  world.supervisor.roomEnded("room-1");
  await settle();
  assert.equal(world.supervisor.status("1"), undefined);
  assert.equal(world.store.rows.size, 0);
  await world.supervisor.stop();
});

Deno.test("Supervisor remembers at most 1000 live rooms that nobody wants", async () => {
  const world = newWorld({ linksMax: 2000 });
  for (let index = 0; index <= 1000; index++) {
    await world.supervisor.add(`${index}`);
    await world.supervisor.remove(`${index}`);
  }
  assert.equal(world.supervisor.status("0"), undefined);
  assert.equal(world.supervisor.status("1")?.state, "stopped");
  assert.equal(world.store.rows.size, 1000);
  await world.supervisor.stop();
});

Deno.test("Supervisor waits and says so when another process has the link", async () => {
  const first = newWorld();
  const { clock, store } = first;
  await first.supervisor.start();
  await addLive(first);
  const second = newWorld({ clock, store });
  await second.supervisor.start();
  assert.equal(second.supervisor.status("1")?.fault, "lease_held");
  await clock.advance(60_000);
  assert.equal(second.source.checked.length, 0);
  assert.equal((await second.supervisor.retry("1")).state, "waiting");
  await Promise.all([first.supervisor.stop(), second.supervisor.stop()]);
});

Deno.test("Supervisor takes over within 5 s from a process that stops, with what it counted", async () => {
  const first = newWorld({ stallMs: 0 });
  const { clock, store, rooms } = first;
  await first.supervisor.start();
  await addLive(first);
  const second = newWorld({ clock, store, rooms });
  await second.supervisor.start();
  first.source.last.say(chatOf("a"), chatOf("b"));
  await settle();
  await first.supervisor.stop();
  await clock.advance(5000);
  assert.equal(stateOf(second), "connecting");
  assert.equal(second.supervisor.view("1")?.stats.chats, 2);
  await second.supervisor.stop();
});

Deno.test("Supervisor takes over within 20 s from a process that dies", async () => {
  const first = newWorld();
  const { clock, store } = first;
  await first.supervisor.start();
  await clock.advance(1700);
  await addLive(first);
  const second = newWorld({ clock, store });
  await clock.advance(3100);
  await second.supervisor.start();
  assert.equal(second.supervisor.status("1")?.fault, "lease_held");
  // From now on nothing of the first reaches the database.
  const dead = store.leases.get("1")?.owner;
  const hold = store.holdLeases.bind(store);
  store.holdLeases = (claim) =>
    claim.owner === dead ? new Promise(() => {}) : hold(claim);
  await clock.advance(20_000);
  assert.equal(stateOf(second), "connecting");
  // The first has let go by itself, before the second began.
  assert.equal(stateOf(first), "waiting");
  assert.equal(first.source.last.isOver, true);
  await during(clock, 5000, Promise.all([second.supervisor.stop()]));
  await during(clock, 10_000, first.supervisor.stop());
});

Deno.test("Supervisor honours a stop by the process that had the link before", async () => {
  const first = newWorld();
  const { clock, store } = first;
  await addLive(first);
  const second = newWorld({ clock, store });
  await second.supervisor.start();
  await first.supervisor.remove("1");
  await clock.advance(5000);
  assert.equal(stateOf(second), "stopped");
  assert.equal(second.source.checked.length, 0);
  assert.equal(store.leases.size, 0);
  await Promise.all([first.supervisor.stop(), second.supervisor.stop()]);
});

Deno.test("Supervisor cuts a link whose lease is lost, and goes on once it is back", async () => {
  const world = newWorld();
  const { supervisor, source, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  store.leases.set("1", { owner: "other", untilAt: clock.now() + 12_000 });
  await clock.advance(5000);
  assert.equal(supervisor.status("1")?.fault, "lease_held");
  assert.equal(source.last.isOver, true);
  await clock.advance(9999);
  assert.equal(source.connections.length, 1);
  await clock.advance(1);
  assert.equal(source.connections.length, 2);
  await supervisor.stop();
});

Deno.test("Supervisor keeps a link until its lease runs out when the database fails", async () => {
  const world = newWorld();
  const { supervisor, store, clock } = world;
  await supervisor.start();
  await addLive(world);
  store.broken.add("holdLeases");
  await clock.advance(14_999);
  assert.equal(stateOf(world), "live");
  await clock.advance(1);
  assert.equal(stateOf(world), "waiting");
  assert.equal(supervisor.status("1")?.fault, "storage_unavailable");
  store.broken.clear();
  await clock.advance(5000);
  assert.equal(stateOf(world), "connecting");
  await supervisor.stop();
});

Deno.test("Supervisor retries a live room that waits, and leaves one that connects", async () => {
  const world = newWorld();
  const { supervisor, source } = world;
  await assert.rejects(supervisor.retry("1"), { code: "live_not_found" });
  await addLive(world);
  source.last.drop();
  assert.equal((await supervisor.retry("1")).state, "checking");
  await settle();
  assert.equal(source.connections.length, 2);
  assert.equal((await supervisor.retry("1")).state, "connecting");
  assert.equal(source.connections.length, 2);
  await supervisor.stop();
});

Deno.test("Supervisor.touch ends a silence", async () => {
  const world = newWorld();
  await world.supervisor.start();
  await addLive(world);
  await world.clock.advance(60_000);
  assert.equal(stateOf(world), "silent");
  world.supervisor.touch("1");
  assert.equal(stateOf(world), "live");
  assert.equal(
    world.supervisor.status("1")?.lastMessageAt,
    world.clock.now(),
  );
  await world.supervisor.stop();
});

Deno.test("Supervisor saves what changed every 5 s, in one call", async () => {
  const world = newWorld();
  await world.supervisor.start();
  await addLive(world, "1");
  await addLive(world, "2");
  await world.clock.advance(5000);
  world.store.calls.length = 0;
  for (const liveId of ["1", "2"]) world.source.of(liveId).say(chatOf("x"));
  await world.clock.advance(10_000);
  const saves = world.store.calls.filter((call) =>
    call.startsWith("saveLinks")
  );
  assert.deepEqual(saves, ["saveLinks 1,2"]);
  const memory = world.store.rows.get("1")?.memory ?? "";
  assert.equal(LinkMemory.read(memory, world.clock.now()).stats().chats, 1);
  assert.equal(world.store.rows.get("1")?.throughSeq, 1);
  await world.supervisor.stop();
});

Deno.test("Supervisor stops within 5 s whatever sources and the database do", async () => {
  const world = newWorld();
  const { supervisor, source, store, rooms, clock } = world;
  await supervisor.start();
  source.onConnect = (connection) => connection.isStuck = true;
  await addLive(world, "1");
  await addLive(world, "2");
  const room = rooms.find("1");
  assert(room !== undefined);
  room.isBusy = true;
  source.of("1").say(chatOf("never kept"));
  source.onCheck = neverAnswers;
  const adding = Promise.allSettled([supervisor.add("3")]);
  await settle();
  store.hung.add("saveLinks");
  store.hung.add("dropLeases");
  const startAt = clock.monotonic();
  let stoppedAt = Infinity;
  const stopping = supervisor.stop().then(() => stoppedAt = clock.monotonic());
  for (let step = 0; step < 100; step++) await clock.advance(100);
  await stopping;
  await adding;
  assert(stoppedAt - startAt <= 5000, `took ${stoppedAt - startAt} ms`);
  assert.equal(clock.armed, 0);
});

Deno.test("Supervisor feeds what came before its stop, and connects nothing after", async () => {
  const world = newWorld();
  const { supervisor, source, rooms, clock } = world;
  await addLive(world);
  const room = rooms.find("1");
  assert(room !== undefined);
  room.isBusy = true;
  source.last.say(chatOf("late"));
  const stopping = supervisor.stop();
  await settle();
  room.isBusy = false;
  await during(clock, 5000, stopping);
  assert.deepEqual(room.contents, ["late"]);
  source.last.events.onEnd({ fault: "closed" });
  await clock.advance(120_000);
  assert.equal(source.connections.length, 1);
  await assert.rejects(supervisor.add("2"), { code: "shutting_down" });
  await assert.rejects(supervisor.retry("1"), { code: "shutting_down" });
});

Deno.test("Supervisor stores a removal that comes during its stop", async () => {
  const world = newWorld();
  await addLive(world);
  world.source.last.isStuck = true;
  const stopping = world.supervisor.stop();
  await settle();
  assert.equal(await world.supervisor.remove("1"), true);
  await during(world.clock, 5000, stopping);
  assert.equal(world.store.rows.get("1")?.isWanted, false);
});

Deno.test("Supervisor keeps 200 flapping links apart from one whose source throws and hangs", async () => {
  const bad = new FakeSource("bad");
  const good = new FakeSource("good");
  const world = newWorld({
    sources: new Map([["bad", bad], ["good", good]]),
    linksMax: 201,
  });
  const { supervisor, clock } = world;
  await supervisor.start();
  await supervisor.add("bad", "bad");
  bad.onConnect = () => {
    throw new Error("against the contract");
  };
  bad.last.open();
  Object.defineProperty(bad, "answersPings", {
    get: () => {
      throw new Error("against the contract");
    },
  });
  for (let index = 0; index < 200; index++) {
    await supervisor.add(`${index}`, "good");
  }
  good.onConnect = (connection) => {
    connection.open();
    connection.say(chatOf("hello"));
    connection.drop();
  };
  for (const connection of [...good.connections]) connection.drop();
  bad.onCheck = neverAnswers;
  bad.last.drop();
  await clock.advance(11_000);
  // The first wait is a second, and so is each that follows a message.
  for (let index = 0; index < 200; index++) {
    const room = world.rooms.find(`${index}`);
    assert.equal(room?.fed.length, 11, `link ${index}`);
  }
  assert.equal(supervisor.all().length, 201);
  const stopped = await during(clock, 5000, supervisor.stop());
  assert.equal(stopped.status, "fulfilled");
});

Deno.test("Supervisor keeps a link whose source is not configured any more, and says so", async () => {
  const before = newWorld();
  await addLive(before);
  await before.supervisor.stop();
  const { clock, store, rooms } = before;
  const after = newWorld({ clock, store, rooms, sources: new Map() });
  await after.supervisor.start();
  await settle();
  assert.equal(after.supervisor.status("1")?.fault, "connect_failed");
  assert.equal(after.supervisor.status("1")?.source, "fake");
  await after.supervisor.stop();
});
