import assert from "node:assert/strict";
import {
  askLink,
  assertCounted,
  liveProcess,
  order,
  readLiveLog,
  untilCounted,
  untilState,
} from "../support/live_process.ts";
import { startLiveUpstream } from "../support/live_upstream.ts";
import { LiveClient, liveUrl } from "../support/live_client.ts";
import { chat } from "../support/live_world.ts";
import { ServerProcess } from "../support/server_process.ts";
import {
  canMountDisk,
  SMALL_DISK_NEED,
  SmallDisk,
} from "../support/small_disk.ts";
import { askApi } from "../support/test_app.ts";
import { eventually } from "../support/within.ts";

/** Messages before the disk is full, and while it is. */
const BEFORE = 500;
const DURING = 8000;

/** The value of a counter without labels. */
async function counter(server: string, name: string): Promise<number> {
  const { body } = await askApi(server, "GET /metrics");
  const [, value] = new RegExp(`^${name} (\\d+)$`, "m").exec(body) ?? [];
  return Number(value ?? 0);
}

Deno.test({
  name:
    `A full disk holds a live room's source back, and loses nothing and keeps nothing twice (${SMALL_DISK_NEED})`,
  ignore: !canMountDisk(),
  async fn() {
    using disk = new SmallDisk(24);
    await using upstream = startLiveUpstream();
    const options = liveProcess(disk.path, upstream);
    await using server = await ServerProcess.start(options);
    const { url } = server;
    await order(url, "start", "77");
    const connection = await upstream.connection("77");
    await untilState(url, "77", "live");
    await using viewer = await LiveClient.open(liveUrl(url, "77"));
    let said = 0;
    const say = (count: number) => {
      for (let one = 0; one < count; one++) {
        connection.send(chat(`${++said}`, { padding: "x".repeat(200) }));
      }
    };
    say(BEFORE);
    await viewer.expectChat(`${BEFORE}`);
    disk.fill();
    say(DURING);
    await eventually(
      async () => await counter(url, "parlor_live_holds_total") > 0,
      { what: "the source to be held back" },
    );
    const full = await askLink(url, "77");
    assert.equal(full.state, "live");
    assert(full.last_seq < BEFORE + DURING, `${full.last_seq} were kept`);
    disk.free();
    await untilCounted(url, "77", BEFORE + DURING);
    const log = await readLiveLog(url, "77");
    const wanted = Array.from({ length: said }, (_, index) => `${index + 1}`);
    assert.deepEqual(log.map(({ data }) => data.content), wanted);
    await viewer.caughtUp();
    const heard = new Set(viewer.contents);
    assert.equal(heard.size, viewer.contents.length, "something came twice");
    assertCounted(await askLink(url, "77"), log);
    assert.equal(upstream.triedCount("77"), 1);
    await askApi(url, "POST /management/flush");
    await eventually(
      async () => (await askApi(url, "GET /health/ready")).status === 200,
      { what: "a server that is ready" },
    );
    await server.stop();
  },
});

Deno.test({
  name:
    `A server killed on a full disk has what its live room kept, and hears the rest again (${SMALL_DISK_NEED})`,
  ignore: !canMountDisk(),
  async fn() {
    using disk = new SmallDisk(8);
    await using upstream = startLiveUpstream();
    const options = liveProcess(disk.path, upstream);
    const messages = Array.from({ length: 60 }, (_, index) => {
      return chat(`${index + 1}`, { padding: "x".repeat(4000) });
    });
    let kept: number;
    {
      await using server = await ServerProcess.start(options);
      await order(server.url, "start", "77");
      const connection = await upstream.connection("77");
      for (const message of messages.slice(0, 30)) connection.send(message);
      await eventually(
        async () => (await askLink(server.url, "77")).last_seq === 30,
        { what: "30 messages" },
      );
      disk.fill();
      for (const message of messages.slice(30)) connection.send(message);
      await eventually(
        async () =>
          (await askApi(server.url, "GET /health/ready")).status > 200,
        { what: "a server that says that it is not ready" },
      );
      kept = (await askLink(server.url, "77")).last_seq;
      await server.killHard();
    }
    disk.free();
    assert(kept < messages.length, "the disk was not full");
    await using server = await ServerProcess.start(options);
    const connection = await upstream.connection("77");
    for (const message of messages) connection.send(message);
    await eventually(
      async () => (await askLink(server.url, "77")).last_seq >= messages.length,
      { what: "all messages" },
    );
    const log = await readLiveLog(server.url, "77");
    const wanted = messages.map((_, index) => `${index + 1}`);
    assert.deepEqual(log.map(({ data }) => data.content), wanted);
    assertCounted(await askLink(server.url, "77"), log);
    await server.stop();
  },
});
