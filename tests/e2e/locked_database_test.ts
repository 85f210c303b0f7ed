import assert from "node:assert/strict";
import { lockDatabase } from "../support/locked_database.ts";
import { assertKept, assertNoGap, readLog } from "../support/room_log.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { askApi, createRoom } from "../support/test_app.ts";
import { eventually, pause } from "../support/within.ts";
import { joinRoom } from "../support/ws_client.ts";

/** How long another process holds the database, in ms. */
const HELD_MS = 5000;

/** Flushes so often that the lock is met at once. */
const SETTINGS = { WS_BATCH_SIZE: "5", WS_FLUSH_INTERVAL: "1" };

Deno.test("A database that is locked for 5 s delays no one, and gets all in the end", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  await using server = await ServerProcess.start({ cwd, env: SETTINGS });
  const { url } = server;
  const roomId = await createRoom(url);
  await using ann = await joinRoom(url, roomId, "ann");
  await using bob = await joinRoom(url, roomId, "bob");
  await askApi(url, "POST /management/flush");
  {
    using _lock = lockDatabase(folder.file("parlor.db"));
    const held = pause(HELD_MS);
    for (let number = 1; number <= 100; number++) {
      ann.sendChat(`${number}`, `n${number}`);
      await ann.expectAck(`n${number}`);
      await bob.expectChat(`${number}`);
    }
    const unready = await eventually(async () => {
      const answer = await askApi(url, "GET /health/ready");
      return answer.status === 503 && answer;
    }, { what: "a server that is not ready" });
    assert.deepEqual(unready.body, {
      status: "unready",
      reasons: ["store_failing"],
    });
    const pending = await askApi(url, "GET /management/pending");
    assert.equal(pending.body.messages, 100);
    assert(pending.body.failing.attempts >= 1);
    await using cat = await joinRoom(url, roomId, "cat");
    cat.send("History", { limit: 100 });
    await cat.expectFrame("History");
    cat.sendChat("me too", "m-1");
    await cat.expectAck("m-1");
    // A page that must see what is not written yet cannot be read.
    const page = await askApi(url, `GET /management/rooms/${roomId}/messages`);
    assert.equal(page.body.code, "storage_unavailable");
    await held;
  }
  await eventually(async () => {
    const { body } = await askApi(url, "GET /management/pending");
    return body.records === 0 && body.failing === null;
  }, { what: "all to be flushed" });
  assert.equal((await askApi(url, "GET /health/ready")).status, 200);
  const log = await readLog(url, roomId);
  assert.equal(log.length, 101);
  assertNoGap(log);
  for (const client of [ann, bob]) assertKept(log, client);
  await server.stop();
});

Deno.test("A stop while the database is locked ends in time, and the journal keeps the rest", async () => {
  using folder = new TempFolder();
  const cwd = folder.path;
  let roomId: string;
  {
    await using server = await ServerProcess.start({
      cwd,
      env: { ...SETTINGS, SHUTDOWN_TIMEOUT_SECS: "4" },
    });
    roomId = await createRoom(server.url);
    await using ann = await joinRoom(server.url, roomId, "ann");
    await askApi(server.url, "POST /management/flush");
    using _lock = lockDatabase(folder.file("parlor.db"));
    for (let number = 1; number <= 20; number++) {
      ann.sendChat(`${number}`, `n${number}`);
    }
    await ann.expectAck("n20");
    const startedAt = performance.now();
    server.kill("SIGTERM");
    await ann.expectClosed(4001);
    assert.equal((await server.exited()).code, 0, server.errorText);
    const tookMs = performance.now() - startedAt;
    assert(tookMs < 10_000, `${tookMs}`);
    const last = server.lines.slice(-3).join("\n");
    assert.match(last, /they stay in the journal for the next start/);
  }
  await using server = await ServerProcess.start({ cwd, env: SETTINGS });
  const log = await readLog(server.url, roomId);
  assert.equal(log.length, 20);
  assertNoGap(log);
  const path = `/management/rooms/${roomId}/sessions`;
  const { body } = await askApi(server.url, `GET ${path}`);
  assert.equal(body.records[0].close_code, 4001);
  await server.stop();
});
