// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { assertKept, assertNoGap, readLog } from "../support/room_log.ts";
import { ServerProcess } from "../support/server_process.ts";
import {
  canMountDisk,
  SMALL_DISK_NEED,
  SmallDisk,
} from "../support/small_disk.ts";
import { askApi, createRoom } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";
import {
  type Frame,
  joinRoom,
  roomUrl,
  WsClient,
} from "../support/ws_client.ts";

const ignore = !canMountDisk();

/** About a page of the disk. */
const LONG = "x".repeat(4000);

/** So long that its record is longer than that of a short message. */
const NICKNAME = "👋".repeat(64);

/**
 * Says ever shorter things until the last slack of a file is full; answers how
 * long the last refusal said to wait.
 */
async function talkUntilRefused(client: WsClient): Promise<number> {
  let waitMs = 0;
  for (const content of [LONG, "x".repeat(1000), "x".repeat(200), "x"]) {
    let isRefused = false;
    for (let number = 1; !isRefused; number++) {
      const name = `full-${content.length}-${number}`;
      client.sendChat(content, name);
      const refusal = await refusalOf(client, name);
      isRefused = refusal !== undefined;
      waitMs = refusal?.retry_after_ms ?? 0;
    }
  }
  return waitMs;
}

/** The refusal of a send, or `undefined` when it was accepted. */
async function refusalOf(
  client: WsClient,
  name: string,
): Promise<Frame | undefined> {
  const answer = await client.expectAnswer(name);
  if (answer.type === "Ack") return undefined;
  assert.equal(answer.code, "storage_unavailable");
  return answer;
}

Deno.test({
  name:
    `A full disk refuses chat and joins, costs nothing else, and heals (${SMALL_DISK_NEED})`,
  ignore,
  async fn() {
    using disk = new SmallDisk(4);
    await using server = await ServerProcess.start({ cwd: disk.path });
    const { url } = server;
    const roomId = await createRoom(url);
    await using ann = await joinRoom(url, roomId, "ann");
    await using bob = await joinRoom(url, roomId, "bob");
    ann.sendChat("before", "m-1");
    await bob.expectChat("before");
    disk.fill();
    assert.equal(await talkUntilRefused(ann), 5000);
    const names = { user_id: "cat", nickname: NICKNAME };
    await using cat = await WsClient.open(roomUrl(url, roomId, names));
    await cat.expectError("storage_unavailable");
    await cat.expectClosed(4012);
    const ready = await askApi(url, "GET /health/ready");
    assert.equal(ready.status, 503);
    assert(ready.body.reasons.includes("journal_failing"), ready.body.reasons);
    assert.equal((await askApi(url, "GET /health/live")).status, 200);
    assert.equal(
      (await askApi(url, "POST /management/rooms", {
        body: { room_name: "Other", admin_user_ids: [] },
      })).status,
      503,
    );
    for (const client of [ann, bob]) await client.caughtUp();
    ann.send("History");
    await ann.expectFrame("History");
    disk.free();
    bob.sendChat("after", "m-2");
    await bob.expectAck("m-2");
    await ann.expectChat("after");
    await using dan = await joinRoom(url, roomId, "dan");
    dan.sendChat("hello", "m-3");
    await ann.expectChat("hello");
    await askApi(url, "POST /management/flush");
    await eventually(
      async () => (await askApi(url, "GET /health/ready")).status === 200,
      { what: "a server that is ready" },
    );
    const log = await readLog(url, roomId);
    assertNoGap(log);
    for (const client of [ann, bob, dan]) assertKept(log, client);
    await server.stop();
  },
});

Deno.test({
  name: `A server killed on a full disk loses nothing (${SMALL_DISK_NEED})`,
  ignore,
  async fn() {
    using disk = new SmallDisk(4);
    const cwd = disk.path;
    let roomId: string;
    let ann: WsClient;
    {
      await using server = await ServerProcess.start({ cwd });
      roomId = await createRoom(server.url);
      ann = await joinRoom(server.url, roomId, "ann");
      for (let number = 1; number <= 20; number++) {
        ann.sendChat(LONG, `n${number}`);
      }
      await ann.expectAck("n20");
      disk.fill();
      await talkUntilRefused(ann);
      await server.killHard();
      await ann.closed();
    }
    {
      // A start may or may not be possible: it must not cost anything.
      await using server = new ServerProcess({ cwd });
      await server.expectLine("open_mode_noticed");
      const outcome = await Promise.race([
        server.expectLine("server_started").then(
          () => "started",
          () => "ended",
        ),
        server.exited().then(({ code }) => code === 1 ? "ended" : `${code}`),
      ]);
      assert(outcome === "started" || outcome === "ended", outcome);
    }
    disk.free();
    await using server = await ServerProcess.start({ cwd });
    const log = await readLog(server.url, roomId);
    assertNoGap(log);
    assertKept(log, ann);
    await using bob = await joinRoom(server.url, roomId, "bob");
    bob.sendChat("after", "m-1");
    await bob.expectAck("m-1");
    await server.stop();
  },
});
