import assert from "node:assert/strict";
import { ChatError } from "../../src/wire/errors.ts";
import { settle } from "../support/fake_clock.ts";
import { chatOf, endMessage, neverAnswers } from "../support/fake_source.ts";
import { type LinkWorld, newLinkWorld, watch } from "./link_world.ts";

/** The waits, in s, between attempts that fail at once. */
async function waits({ link, clock }: LinkWorld, count: number) {
  const seconds: number[] = [];
  for (let index = 0; index < count; index++) {
    const { retryAt } = link.status();
    assert(retryAt !== null, `${link.state} has no next attempt`);
    seconds.push((retryAt - clock.now()) / 1000);
    await clock.advance(retryAt - clock.now());
  }
  return seconds;
}

Deno.test("Link tries again after exactly 1, 2, 4, 8, 16, 32, 60 and 60 s", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => connection.drop();
  world.link.begin();
  await settle();
  assert.deepEqual(await waits(world, 8), [1, 2, 4, 8, 16, 32, 60, 60]);
  const { fault, faultCode, reconnectCount } = world.link.status();
  assert.deepEqual([fault, faultCode, reconnectCount], ["closed", 1006, 8]);
  const lines = world.log.lines.filter(({ level }) => level === "warn");
  assert.equal(lines[0]?.line, "检测到直播间 7 连接断开，尝试重连（第 1 次）");
  await world.link.halt();
});

Deno.test("Link tries again after 120, 240, 300 and 300 s once it has failed for an hour", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => connection.drop();
  world.link.begin();
  await settle();
  const seconds = await waits(world, 70);
  const slow = seconds.slice(seconds.indexOf(120));
  assert.deepEqual(slow.slice(0, 4), [120, 240, 300, 300]);
  const fast = seconds.slice(0, seconds.indexOf(120));
  assert(fast.reduce((sum, wait) => sum + wait) >= 3600);
  await world.link.halt();
});

Deno.test("Link goes on with its ladder when it opens and drops without a message", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => {
    connection.open();
    connection.drop();
  };
  world.link.begin();
  await settle();
  assert.deepEqual(await waits(world, 4), [1, 2, 4, 8]);
  await world.link.halt();
});

Deno.test("Link begins its ladder anew once a message was delivered", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => connection.drop();
  world.link.begin();
  await settle();
  await waits(world, 3);
  world.source.onConnect = (connection) => {
    connection.open();
    connection.say(chatOf("back"));
  };
  await waits(world, 1);
  assert.equal(world.link.status().reconnectCount, 0);
  assert.equal(world.record.memory.failingSinceAt, null);
  assert(world.log.texts.includes("info 直播间 7 连接已恢复正常"));
  world.source.last.drop();
  assert.deepEqual(await waits(world, 1), [1]);
  await world.link.halt();
});

Deno.test("Link measures by a clock that is not set back", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => connection.drop();
  world.link.begin();
  await settle();
  await waits(world, 7);
  world.clock.setBack(7_200_000);
  const attempts = world.source.checked.length;
  await world.clock.advance(60_000);
  assert.equal(world.source.checked.length, attempts + 1);
  assert.deepEqual(await waits(world, 2), [60, 60]);
  await world.link.halt();
});

Deno.test("Link goes from checking over connecting to live", async () => {
  const world = newLinkWorld();
  world.link.begin();
  assert.equal(world.link.status().isActive, false);
  await settle();
  world.source.last.open();
  assert.deepEqual(world.states, ["checking", "connecting", "live"]);
  assert.equal(world.link.status().isActive, true);
  assert.deepEqual(world.log.texts, [
    "info 开始连接直播间 7",
    "info WebSocket连接成功，开始接收直播间消息",
  ]);
  await world.link.halt();
  assert.equal(world.clock.armed, 0);
});

Deno.test("Link warns of a silence once, and forgets it with the next message", async () => {
  const world = newLinkWorld({ stallMs: 0 });
  world.link.connect();
  world.source.last.open();
  await watch(world, 55_000);
  assert.equal(world.link.state, "live");
  await watch(world, 30_000);
  assert.equal(world.link.state, "silent");
  const warning = "直播间 7 超过60秒未收到消息，可能连接异常";
  assert.equal(world.link.status().warning, warning);
  world.source.last.say(chatOf("there"));
  assert.equal(world.link.status().warning, null);
  await watch(world, 65_000);
  const warned = world.log.texts.filter((text) => text === `warn ${warning}`);
  assert.equal(warned.length, 2);
  assert.equal(world.source.last.isOver, false);
  await world.link.halt();
});

Deno.test("Link cuts a connection that is stalled for stallMs", async () => {
  const world = newLinkWorld();
  world.link.connect();
  world.source.last.open();
  await watch(world, 115_000);
  assert.equal(world.link.state, "silent");
  await watch(world, 5000);
  assert.deepEqual(world.source.last.asked, ["cut"]);
  assert.equal(world.link.status().fault, "stalled");
  await world.clock.advance(1000);
  assert.equal(world.source.connections.length, 2);
  await world.link.halt();
});

Deno.test("Link cuts a connection that answers no ping in time", async () => {
  const world = newLinkWorld({ pingMs: 20_000, stallMs: 0 });
  world.link.connect();
  world.source.last.open();
  await watch(world, 20_000);
  world.source.last.events.onAlive();
  await watch(world, 45_000);
  assert.equal(world.source.last.isOver, false);
  await watch(world, 5000);
  assert.deepEqual(world.source.last.asked, ["ping", "ping", "ping", "cut"]);
  assert.equal(world.link.status().fault, "half_open");
  await world.link.halt();
});

Deno.test("Link is neither silent, stalled nor half-open while its room takes nothing", async () => {
  const world = newLinkWorld({ pingMs: 20_000 });
  world.link.connect();
  world.source.last.open();
  const room = world.rooms.create("7");
  room.isBusy = true;
  const many = Array.from({ length: 4100 }, (_, index) => chatOf(`${index}`));
  world.source.last.say(...many);
  assert.deepEqual(world.source.last.asked, ["pause"]);
  await watch(world, 300_000);
  assert.equal(world.link.state, "live");
  room.isBusy = false;
  await watch(world, 10_000);
  assert.deepEqual(world.source.last.asked, ["pause", "resume"]);
  assert.equal(room.fed.length, 4100);
  await watch(world, 60_000);
  assert(
    world.log.texts.includes("info The link to live room 7 is down: half_open"),
  );
  await world.link.halt();
});

Deno.test("Link gives a connection 10 s to open", async () => {
  const world = newLinkWorld();
  world.link.connect();
  await world.clock.advance(9999);
  assert.equal(world.link.state, "connecting");
  await world.clock.advance(1);
  assert.equal(world.link.status().fault, "connect_timeout");
  await world.link.halt();
});

Deno.test("Link gives a check 10 s to answer", async () => {
  const world = newLinkWorld();
  world.source.onCheck = neverAnswers;
  world.link.begin();
  await world.clock.advance(9999);
  assert.equal(world.link.state, "checking");
  await world.clock.advance(1);
  assert.equal(world.link.state, "waiting");
  assert.equal(world.link.status().fault, "status_unknown");
  await world.link.halt();
  assert.equal(world.clock.armed, 0);
});

Deno.test("Link says why a check failed, with the platform's number", async () => {
  const world = newLinkWorld();
  world.source.answer = { kind: "abnormal", code: 5 };
  world.link.begin();
  await settle();
  const { fault, faultCode } = world.link.status();
  assert.deepEqual([fault, faultCode], ["status_abnormal", 5]);
  await world.link.halt();
});

Deno.test("Link ends when it is told twice in a row that the room is over", async () => {
  const world = newLinkWorld();
  world.source.answer = { kind: "ended" };
  world.link.begin();
  await settle();
  assert.equal(world.link.state, "waiting");
  world.source.answer = { kind: "unknown", fault: "status_unknown" };
  await world.clock.advance(1000);
  world.source.answer = { kind: "ended" };
  await world.clock.advance(2000);
  assert.equal(world.link.state, "waiting");
  await world.clock.advance(4000);
  assert.equal(world.link.state, "ended");
  assert.equal(world.record.isWanted, false);
  assert.deepEqual([world.ended(), world.clock.armed], [1, 0]);
});

Deno.test("Link ends with a message that says so, and takes what came before", async () => {
  const world = newLinkWorld();
  world.link.connect();
  const connection = world.source.last;
  connection.open();
  connection.say(chatOf("a"), chatOf("b"), endMessage());
  connection.say(chatOf("too late"));
  await settle();
  assert.equal(world.link.state, "ended");
  assert.deepEqual(connection.asked, ["close"]);
  assert.deepEqual(world.rooms.find("7")?.contents, ["a", "b"]);
  assert.equal(world.rooms.find("7")?.fed.length, 3);
  assert.equal(world.clock.armed, 0);
});

Deno.test("Link is not ended by the end of an earlier broadcast that comes again", async () => {
  const world = newLinkWorld({ isFollowing: true });
  const over = { ...endMessage(), id: "over-1" };
  world.link.connect();
  world.source.last.open();
  world.source.last.say(chatOf("a"), over);
  assert.equal(world.link.state, "ended");
  await world.clock.advance(60_000);
  world.source.last.open();
  world.source.last.say(over, chatOf("b"));
  await settle();
  assert.equal(world.link.state, "live");
  assert.deepEqual(world.rooms.find("7")?.contents, ["a", "b"]);
  await world.link.halt();
});

Deno.test("Link takes a message that came with the end of its connection", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => {
    connection.open();
    connection.say(chatOf("last words"));
    connection.drop({ fault: "closed", code: 1012 });
  };
  world.link.connect();
  assert.equal(world.link.status().faultCode, 1012);
  await settle();
  assert.deepEqual(world.rooms.find("7")?.contents, ["last words"]);
  await world.link.halt();
});

Deno.test("Link feeds what waits after its connection is gone", async () => {
  const world = newLinkWorld();
  const room = world.rooms.create("7");
  room.isBusy = true;
  world.link.connect();
  world.source.last.open();
  world.source.last.say(chatOf("waits"));
  world.source.last.drop();
  await settle();
  room.isBusy = false;
  await world.clock.advance(900);
  assert.deepEqual(room.contents, ["waits"]);
  assert.equal(world.link.state, "waiting");
  await world.link.halt();
});

Deno.test("Link looks at an ended room every 60 s when it follows", async () => {
  const world = newLinkWorld({ isFollowing: true });
  world.link.connect();
  world.source.last.open();
  world.source.last.say(endMessage());
  assert.equal(world.link.status().retryAt, world.clock.now() + 60_000);
  world.source.answer = { kind: "ended" };
  await world.clock.advance(180_000);
  assert.equal(world.source.checked.length, 3);
  assert.equal(world.link.state, "ended");
  world.source.answer = { kind: "live" };
  await world.clock.advance(60_000);
  assert.equal(world.link.state, "connecting");
  assert.equal(world.record.isEnded, false);
  await world.link.halt();
});

Deno.test("Link.retry tries at once what waits, is silent, or ended; one answer ends it again", async () => {
  const world = newLinkWorld({ stallMs: 0 });
  world.link.connect();
  world.source.last.drop();
  world.link.retry();
  await settle();
  assert.equal(world.link.state, "connecting");
  world.source.last.open();
  await watch(world, 60_000);
  world.link.retry();
  await settle();
  assert.equal(world.source.connections.length, 3);
  world.source.last.open();
  world.link.retry();
  assert.equal(world.link.state, "live");
  world.source.last.say(endMessage());
  world.source.answer = { kind: "ended" };
  world.link.retry();
  assert.equal(world.link.state, "checking");
  await settle();
  assert.equal(world.link.state, "ended");
});

Deno.test("Link hears nothing of a connection that it left", async () => {
  const world = newLinkWorld();
  world.link.connect();
  const left = world.source.last;
  left.isStuck = true;
  left.open();
  const gone = world.link.stop();
  left.say(chatOf("too late"));
  left.drop();
  await settle();
  assert.equal(world.link.state, "stopped");
  assert.equal(world.rooms.made.length, 0);
  await gone;
  assert.equal(world.clock.armed, 0);
});

Deno.test("Link survives a source that throws", async () => {
  const world = newLinkWorld();
  world.source.onConnect = () => {
    throw new Error("against the contract");
  };
  world.link.connect();
  assert.equal(world.link.status().fault, "connect_failed");
  world.source.onCheck = () => Promise.reject(new Error("likewise"));
  await world.clock.advance(1000);
  assert.equal(world.link.status().fault, "status_unknown");
  await world.link.halt();
});

Deno.test("Link goes on failing where an earlier process left off", async () => {
  const world = newLinkWorld();
  world.record.memory.failingMs = 3_600_000;
  world.record.memory.reconnectCount = 9;
  world.source.onConnect = (connection) => connection.drop();
  world.link.begin();
  await settle();
  assert.deepEqual(await waits(world, 2), [120, 240]);
  await world.link.halt();
});

Deno.test("Link climbs its ladder when all that it hears came before", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => {
    connection.open();
    connection.say(chatOf("greeting", "same"));
    connection.drop();
  };
  world.link.begin();
  await settle();
  assert.deepEqual(await waits(world, 4), [1, 2, 4, 8]);
  await world.link.halt();
});

Deno.test("Link says once that its room takes nothing, and why", async () => {
  const world = newLinkWorld();
  world.link.connect();
  world.source.last.open();
  const room = world.rooms.create("7");
  room.feed = () => Promise.reject(new ChatError("internal"));
  world.source.last.say(chatOf("stuck"));
  await watch(world, 20_000);
  const said = world.log.lines.filter(({ fields }) =>
    fields["event"] === "live_link_refused"
  );
  assert.deepEqual(said.map(({ level, fields }) => [level, fields["code"]]), [
    ["error", "internal"],
  ]);
  world.link.feed.stop();
  await world.link.halt();
});

Deno.test("Link does not count the time that it waits for its lease as failing", async () => {
  const world = newLinkWorld();
  world.source.onConnect = (connection) => connection.drop();
  world.link.begin();
  await settle();
  world.link.awaitLease("lease_held");
  await world.clock.advance(7_200_000);
  world.link.begin();
  await settle();
  assert.deepEqual(await waits(world, 2), [1, 2]);
  await world.link.halt();
});
