import assert from "node:assert/strict";
import { openOfflineApp } from "../src/app.ts";
import { systemIds } from "../src/base/ids.ts";
import { nextTurn } from "../src/base/turn.ts";
import { readConfig } from "../src/config.ts";
import { VERSION } from "../src/version.ts";
import { FakeClock, settle } from "./support/fake_clock.ts";
import { RecordingLog } from "./support/recording_log.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { newTestApp, TEST_KEY } from "./support/test_app.ts";

Deno.test("startApp listens and says where", async () => {
  await using app = await newTestApp();
  assert.equal((await app.api("GET /health/ready")).status, 200);
  const { body } = await app.api("GET /management/status");
  assert.equal(body.version, VERSION);
  assert.equal(body.draining, false);
  const line = app.log.lines.at(-1);
  assert.equal(line?.line, `Listening on 127.0.0.1:${app.app.port}`);
  assert.deepEqual(line?.fields, {
    event: "server_started",
    version: VERSION,
    durability: "memory",
    rooms: 0,
  });
});

Deno.test("startApp schedules its jobs, and they work", async () => {
  await using app = await newTestApp();
  assert.deepEqual(app.cron.scheduled.sort(), [
    "alive * * * * *",
    "chat_batches * * * * *",
    "closings * * * * *",
    "device_status * * * * *",
    "flush * * * * *",
    "links * * * * *",
    "purge 7 * * * *",
    "reap * * * * *",
    "room_purge * * * * *",
    "session_batches * * * * *",
    "sync * * * * *",
  ]);
  for (const line of app.cron.scheduled) {
    await app.runJob(line.split(" ")[0] ?? "");
  }
  const errors = app.log.texts.filter((text) => text.startsWith("error"));
  assert.deepEqual(errors, []);
});

Deno.test("startApp measures the event loop and the mailboxes", async () => {
  await using app = await newTestApp();
  await app.clock.advance(1000);
  const { body } = await app.api("GET /metrics");
  assert.match(body, /^parlor_event_loop_lag_seconds_count 10$/m);
  assert.match(body, /^parlor_mailbox_depth 0$/m);
});

Deno.test("startApp that finds no port lets go of what it opened", async () => {
  using folder = new TempFolder();
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  {
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const BIND_ADDRESS = `127.0.0.1:${other.addr.port}`;
    await assert.rejects(
      newTestApp({ DATABASE_URL, BIND_ADDRESS }),
      new RegExp(`^Error: Cannot listen on ${BIND_ADDRESS}: `),
    );
  }
  await using _app = await newTestApp({ DATABASE_URL });
});

Deno.test("App.stop may be called twice and leaves no timer", async () => {
  const app = await newTestApp();
  const [first, second] = [app.app.stop(), app.app.stop()];
  assert.equal(first, second);
  await first;
  assert.equal(app.clock.armed, 0);
  const said = app.log.texts.filter((text) => /info Stop/.test(text));
  assert.deepEqual(said, ["info Stopping", "info Stopped"]);
});

Deno.test("App.stop closes sessions, writes their ends, and then the port", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("parlor.db")}` };
  let roomId: string;
  {
    await using app = await newTestApp(settings);
    roomId = await app.createRoom();
    const ann = await app.joinRoom(roomId, "ann");
    ann.sendChat("bye", "m-1");
    await ann.expectAck("m-1");
    const stopping = app.app.stop();
    await ann.expectClosed(4001);
    await stopping;
    await assert.rejects(fetch(`${app.url}/health/live`));
    assert.equal(app.app.core.recorder.pending.records, 0);
  }
  await using app = await newTestApp(settings);
  const { body } = await app.api(`GET /management/rooms/${roomId}/sessions`);
  assert.equal(body.records[0].close_code, 4001);
});

Deno.test("App.stop waits for a request that is being answered, within its share", async () => {
  await using app = await newTestApp();
  const { promise, resolve } = Promise.withResolvers<void>();
  const { store } = app.app.core;
  const asked = Promise.withResolvers<void>();
  const check = store.check.bind(store);
  store.check = async () => {
    asked.resolve();
    await promise;
    await check();
  };
  await app.clock.advance(2000);
  const answer = app.api("GET /health/ready");
  await asked.promise;
  const stopping = app.app.stop();
  await settle();
  resolve();
  assert.deepEqual((await answer).body.reasons, ["draining"]);
  await stopping;
});

Deno.test("App.stop gives up on a job that hangs, and does the rest", async () => {
  await using app = await newTestApp({ SHUTDOWN_TIMEOUT_SECS: "10" });
  const { store } = app.app.core;
  const hung = Promise.withResolvers<void>();
  store.touch = () => hung.promise;
  const job = app.runJob("alive");
  const stopping = app.app.stop();
  await app.clock.advance(1000);
  await stopping;
  assert.equal(app.log.texts.at(-1), "info Stopped");
  hung.resolve();
  await job;
});

Deno.test("App.stop ends in its time when the database hangs", async () => {
  await using app = await newTestApp({ SHUTDOWN_TIMEOUT_SECS: "10" });
  const { store } = app.app.core;
  const hung = Promise.withResolvers<void>();
  const close = store.close.bind(store);
  store.close = () => hung.promise.then(close);
  const stopping = app.app.stop();
  await settle();
  await app.clock.advance(10_000);
  await stopping;
  assert.equal(
    app.log.texts.at(-1),
    "error Stopped after 10000 ms, before all was done",
  );
  hung.resolve();
  await close();
});

Deno.test("A session that ends has what is pending written a second later", async () => {
  await using app = await newTestApp();
  const roomId = await app.createRoom();
  const ann = await app.joinRoom(roomId, "ann");
  ann.sendChat("one", "m-1");
  await ann.expectAck("m-1");
  await ann.close();
  await app.expectConnections(0);
  await app.clock.advance(999);
  assert((await app.api("GET /management/pending")).body.records > 0);
  await app.clock.advance(1);
  await app.app.core.recorder.flushAll();
  const line = app.log.lines.find(({ fields }) =>
    fields["event"] === "batch_flushed"
  );
  assert.equal(line?.fields["reason"], "disconnect");
});

Deno.test("openOfflineApp works on the file and keeps servers out meanwhile", async () => {
  using folder = new TempFolder();
  const DATABASE_URL = `sqlite:${folder.file("parlor.db")}`;
  const options = {
    config: readConfig({ DATABASE_URL }),
    adminApiKey: TEST_KEY,
    clock: new FakeClock(),
    ids: systemIds,
    yield: nextTurn,
    log: new RecordingLog(),
  };
  const offline = await openOfflineApp(options);
  const made = await offline.request("POST", "/management/rooms", {
    "room_name": "Lounge",
    "admin_user_ids": ["admin"],
  });
  assert.equal(made.status, 200);
  const { room_id: roomId } = await made.json();
  await assert.rejects(
    newTestApp({ DATABASE_URL }),
    /another process holds it/,
  );
  const [first, second] = [offline.close(), offline.close()];
  assert.equal(first, second);
  await first;
  assert.equal(options.clock.armed, 0);
  await using app = await newTestApp({ DATABASE_URL });
  await app.joinRoom(roomId, "ann");
});
