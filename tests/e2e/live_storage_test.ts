import assert from "node:assert/strict";
import {
  chat,
  gift,
  type LiveWorld,
  newLiveWorld,
} from "../support/live_world.ts";
import { lockDatabase } from "../support/locked_database.ts";
import { hideTable } from "../support/missing_table.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { eventually } from "../support/within.ts";

/** Messages that are more than wait at most before a source is held back. */
const FLOOD = 6000;

/** So much with each that the connection itself cannot hold them all. */
const PADDING = "x".repeat(4000);

/** Nothing is accepted for good, as when the disk is full. */
function refuseRecords({ app }: LiveWorld): Disposable {
  const { recorder } = app.app.core;
  const { accept } = recorder;
  recorder.accept = () => false;
  return {
    [Symbol.dispose]: () => {
      recorder.accept = accept;
    },
  };
}

/** How often a source was held back. */
async function holdCount({ app }: LiveWorld): Promise<number> {
  const { values } = await app.app.core.metrics.liveHolds.get();
  return values[0]?.value ?? 0;
}

/** Lets time pass until the log of a live room ends with a number. */
async function expectAllKept(world: LiveWorld, lastSeq: number): Promise<void> {
  await eventually(async () => {
    await world.pass(1000);
    return (await world.ask("77")).last_seq >= lastSeq;
  }, { what: `seq ${lastSeq}` });
  assert.equal((await world.ask("77")).last_seq, lastSeq);
}

Deno.test("What comes while nothing can be stored is kept afterwards, all of it in order", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  connection.send(chat("before"));
  await viewer.expectChat("before");
  const said = Array.from({ length: 200 }, (_, index) => `n${index}`);
  {
    using _fault = refuseRecords(world);
    for (const content of said) connection.send(chat(content));
    connection.send(gift("g"));
    await connection.sent();
    await world.pass(20_000);
    await viewer.caughtUp();
    // What is not kept is not told.
    assert.deepEqual(viewer.contents, ["before"]);
    assert.equal((await world.ask("77")).last_seq, 1);
  }
  await expectAllKept(world, 202);
  await viewer.expectChat("n199");
  await viewer.expectMessage("gift");
  assert.deepEqual(viewer.contents, ["before", ...said]);
  assert.deepEqual(await world.logged("77"), ["before", ...said]);
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("A source that sends more than can wait is held back, taken for neither silent nor dead, and loses nothing", async () => {
  await using world = await newLiveWorld({
    settings: { LIVE_STALL_SECONDS: "60", LIVE_PING_SECONDS: "5" },
  });
  const connection = await world.start("77");
  const said = Array.from({ length: FLOOD }, (_, index) => `n${index}`);
  {
    using _fault = refuseRecords(world);
    for (const content of said) {
      connection.send(chat(content, { padding: PADDING }));
    }
    await eventually(async () => await holdCount(world) === 1, {
      what: "the source to be held back",
    });
    await world.pass(180_000);
    assert.equal((await world.ask("77")).state, "live");
    assert.equal((await world.ask("77")).last_seq, 0);
    // The rest waits where it comes from, and takes no memory here.
    assert(connection.isClogged);
  }
  await expectAllKept(world, FLOOD);
  assert.deepEqual(await world.logged("77"), said);
  assert.equal(world.upstream.triedCount("77"), 1);
  const viewer = await world.watch("77");
  connection.send(chat("after"));
  await viewer.expectChat("after");
});

Deno.test("A link that drops while it is held back keeps what came before", async () => {
  await using world = await newLiveWorld();
  const connection = await world.start("77");
  const said = Array.from({ length: 300 }, (_, index) => `n${index}`);
  {
    using _fault = refuseRecords(world);
    for (const content of said) connection.send(chat(content));
    await connection.sent();
    connection.drop();
    await world.expectState("77", "waiting");
    await world.pass(1000);
    const again = await world.connected("77");
    for (const content of said.slice(-10)) again.send(chat(content));
    again.send(chat("after"));
    await again.sent();
  }
  await expectAllKept(world, 301);
  assert.deepEqual(await world.logged("77"), [...said, "after"]);
});

Deno.test("While the database has no place for messages links go on, and all is in it in the end", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  const settings = { DATABASE_URL: `sqlite:${file}` };
  await using world = await newLiveWorld({ settings });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  await world.app.api("POST /management/flush");
  const said = Array.from({ length: 100 }, (_, index) => `n${index}`);
  {
    using _fault = hideTable(file, "log_entry");
    for (const content of said) connection.send(chat(content));
    await viewer.expectChat("n99");
    await world.pass(10_000);
    assert.equal((await world.ask("77")).state, "live");
    assert.deepEqual(viewer.contents, said);
  }
  await eventually(async () => {
    await world.pass(5000);
    await world.app.api("POST /management/flush");
    const { body } = await world.app.api("GET /management/pending");
    return body.records === 0;
  }, { what: "all to be flushed" });
  assert.deepEqual(await world.logged("77"), said);
  assert.equal(world.upstream.triedCount("77"), 1);
});

Deno.test("While links cannot be stored a start fails and leaves nothing, and succeeds afterwards", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  const settings = { DATABASE_URL: `sqlite:${file}` };
  await using world = await newLiveWorld({ settings });
  {
    using _fault = hideTable(file, "live_link");
    const { status, body } = await world.post("start", "77");
    assert.equal(status, 503, JSON.stringify(body));
    assert.equal(body.code, "storage_unavailable");
    assert.match(body.message, /^启动失败: /);
    assert.doesNotMatch(body.message, /live_link|SQL/i);
    assert.equal((await world.app.api("GET /api/live/77")).status, 404);
  }
  assert.equal(world.upstream.triedCount("77"), 0);
  await world.start("77");
});

Deno.test("A link whose lease cannot be renewed is cut when it runs out, and comes back with the database", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  const settings = { DATABASE_URL: `sqlite:${file}` };
  await using world = await newLiveWorld({ settings });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  {
    using _fault = hideTable(file, "live_lease");
    for (let second = 1; second < 15; second++) {
      await world.app.clock.advance(1000);
    }
    assert.equal((await world.ask("77")).state, "live");
    await world.app.clock.advance(1000);
    const waiting = await world.ask("77");
    assert.equal(waiting.state, "waiting");
    assert.equal(waiting.fault, "storage_unavailable");
    await connection.over();
  }
  await eventually(async () => {
    await world.pass(1000);
    return world.upstream.triedCount("77") === 2;
  }, { what: "the link to come back" });
  const again = await world.connected("77");
  again.send(chat("back"));
  await viewer.expectChat("back");
});

Deno.test("A database that another process locks delays no message of a link", async () => {
  using folder = new TempFolder();
  const file = folder.file("parlor.db");
  await using world = await newLiveWorld({
    settings: { DATABASE_URL: `sqlite:${file}`, WS_BATCH_SIZE: "5" },
    isRealTime: true,
  });
  const connection = await world.start("77");
  const viewer = await world.watch("77");
  await world.app.api("POST /management/flush");
  const said = Array.from({ length: 300 }, (_, index) => `n${index}`);
  {
    using _lock = lockDatabase(file);
    for (const content of said) connection.send(chat(content));
    await viewer.expectChat("n299");
    assert.deepEqual(viewer.contents, said);
  }
  assert.deepEqual(await world.logged("77"), said);
});

for (const how of ["ended", "stopped"] as const) {
  Deno.test(`What waits to be stored when a link is ${how} is stored all the same`, async () => {
    await using world = await newLiveWorld();
    const connection = await world.start("77");
    const said = Array.from({ length: 300 }, (_, index) => `n${index}`);
    {
      using _fault = refuseRecords(world);
      for (const content of said) connection.send(chat(content));
      await connection.sent();
      if (how === "ended") {
        connection.send({ type: "control", status: "ended" });
      } else {
        // The last of them is heard once this is.
        connection.send("no JSON");
        const { liveFeedFaults } = world.app.app.core.metrics;
        await eventually(async () => {
          return (await liveFeedFaults.get()).values.length === 1;
        }, { what: "all to be heard" });
        await world.post("stop", "77");
      }
      await world.expectState("77", how);
    }
    await expectAllKept(world, how === "ended" ? 301 : 300);
    assert.deepEqual(await world.logged("77"), said);
  });
}
