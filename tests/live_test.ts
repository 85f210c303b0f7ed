import assert from "node:assert/strict";
import { startLiveUpstream } from "./support/live_upstream.ts";
import { TempFolder } from "./support/temp_folder.ts";
import { askApi, newTestApp, type TestApp } from "./support/test_app.ts";
import { WsClient } from "./support/ws_client.ts";

/** A server whose source `demo` is an upstream of the test. */
async function newLiveApp(url: string, folder: TempFolder): Promise<TestApp> {
  const file = folder.file("sources.json");
  const demo = { type: "websocket", url };
  await Deno.writeTextFile(file, JSON.stringify({ sources: { demo } }));
  return await newTestApp({
    LIVE_SOURCES_FILE: file,
    LIVE_DEFAULT_SOURCE: "demo",
  });
}

const HELLO = {
  type: "chat",
  id: "m1",
  "user_id": "7",
  "user_name": "小安",
  content: "你好",
  "user_avatar": "",
};

Deno.test("newSupervisor joins sources, rooms and viewers", async () => {
  using folder = new TempFolder();
  await using upstream = startLiveUpstream();
  await using app = await newLiveApp(upstream.url(), folder);
  const started = await askApi(app.url, "POST /api/live/start", {
    body: { "live_id": "77" },
  });
  assert.equal(started.body.message, "成功开始监听直播间 77");
  await upstream.connection("77");
  const url = `${app.url.replace(/^http/, "ws")}/ws/live/77`;
  await using viewer = await WsClient.open(url);
  const snapshot = await viewer.expectFrame("snapshot");
  assert.equal(snapshot["live_id"], "77");
  upstream.send("77", HELLO);
  const { data, seq } = await viewer.expectFrame("live_message");
  assert.equal(seq, 1);
  const { timestamp, ...said } = data as Record<string, unknown>;
  assert.equal(typeof timestamp, "number");
  assert.deepEqual(said, { ...HELLO, "live_id": "77" });
  const room = app.app.core.registry.liveRoom("77");
  assert.equal(room?.facts().kind, "live");
  assert.equal(room?.facts().lastSeq, 1);
});

Deno.test("newSupervisor makes no room for what never was live", async () => {
  using folder = new TempFolder();
  await using app = await newLiveApp("ws://127.0.0.1:1/{live_id}", folder);
  const refused = await askApi(app.url, "POST /api/live/start", {
    body: { "live_id": "77", source: "nothing" },
  });
  assert.equal(refused.body.code, "live_source_unknown");
  assert.equal(app.app.core.registry.liveRoom("77"), undefined);
});

Deno.test("startLinks tells a room that nobody knows that nobody wants it", async () => {
  using folder = new TempFolder();
  const settings = { DATABASE_URL: `sqlite:${folder.file("chat.db")}` };
  const kept = {
    name: "77",
    adminUserIds: [],
    autoClose: true,
    slowModeSecs: null,
    membersMax: null,
    pinned: null,
    live: { liveId: "77" },
  };
  {
    await using app = await newTestApp(settings);
    app.app.core.registry.create(kept);
  }
  await using app = await newTestApp(settings);
  await app.idle();
  const room = app.app.core.registry.liveRoom("77");
  assert.deepEqual(room?.facts().live, {
    liveId: "77",
    state: "stopped",
    isWanted: false,
  });
});
