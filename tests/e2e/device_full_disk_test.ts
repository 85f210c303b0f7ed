import assert from "node:assert/strict";
import {
  DeviceClient,
  deviceUrl,
  type Json,
  sensor,
} from "../support/device_client.ts";
import { readLog } from "../support/room_log.ts";
import { ServerProcess } from "../support/server_process.ts";
import {
  canMountDisk,
  SMALL_DISK_NEED,
  SmallDisk,
} from "../support/small_disk.ts";
import { askApi } from "../support/test_app.ts";

const ignore = !canMountDisk();

/** Lengths of what is said, until the last slack of a file is full. */
const LENGTHS = [4000, 1000, 200, 1];

/** So long that its record is longer than that of a short message. */
const IDENTITY = "👋".repeat(255);

const ACK = { ack: "true" };

/** Talks until nothing more is kept. */
async function talkUntilRefused(client: DeviceClient): Promise<void> {
  for (const length of LENGTHS) {
    for (let number = 1;; number++) {
      const name = `full-${length}-${number}`;
      client.sendJson({ "client_msg_id": name, text: "x".repeat(length) });
      const answer = await client.expectJson(
        (json) => json?.client_msg_id === name && "type" in json,
        `answer to ${name}`,
      );
      if (answer.type === "ack") continue;
      assert.equal(answer.code, "storage_unavailable");
      break;
    }
  }
}

/** What was acknowledged to a device, as `seq id`. */
function receiptsOf(client: DeviceClient): string[] {
  return client.received.flatMap((one) =>
    "text" in one && one.json?.type === "ack"
      ? [`${one.json.seq} ${one.json.id}`]
      : []
  );
}

Deno.test({
  name:
    `A full disk costs devices nothing that was acknowledged, and a device adrift comes in when it heals (${SMALL_DISK_NEED})`,
  ignore,
  async fn() {
    using disk = new SmallDisk(4);
    const options = { cwd: disk.path };
    let one: DeviceClient;
    let roomId: string;
    {
      await using server = await ServerProcess.start(options);
      const { url } = server;
      one = await DeviceClient.enter(url, sensor("1"), ACK);
      ({ roomId } = one);
      const two = await DeviceClient.enter(url, sensor("2", roomId));
      one.sendJson({ "client_msg_id": "before" });
      await one.expectAck("before");
      await two.expectText('{"client_msg_id":"before"}');
      disk.fill();
      await talkUntilRefused(one);
      const client = await DeviceClient.open(deviceUrl(url));
      client.identify({ ...sensor("3", roomId), identity: IDENTITY });
      await client.expectRoom();
      assert.equal(client.status, "error");
      assert.equal((await client.query()).total_clients, 1);
      client.sendText("{}");
      const { code } = await client.expectFrame("error");
      assert.equal(code, "storage_unavailable");
      assert.equal((await one.query()).total_clients, 2);
      disk.free();
      assert.equal((await client.expectRoom()).status, "joined_existing");
      assert.equal(client.roomId, roomId);
      client.sendText('{"after":true}');
      for (const each of [one, two]) await each.expectText('{"after":true}');
      one.sendJson({ "client_msg_id": "after" });
      await one.expectAck("after");
      await server.killHard();
      for (const each of [one, two, client]) await each.closed();
    }
    await using server = await ServerProcess.start(options);
    const log = await readLog(server.url, roomId);
    const kept = log.map(({ seq, id }) => `${seq} ${id}`);
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 1),
    );
    const receipts = receiptsOf(one);
    assert(receipts.length >= 2);
    for (const receipt of receipts) assert(kept.includes(receipt), receipt);
    const { body } = await askApi(server.url, "GET /management/devices");
    const ids = body.devices.map((row: Json) => row.device_id);
    assert.deepEqual(ids, ["1", "2", "3"]);
    await server.stop();
  },
});
