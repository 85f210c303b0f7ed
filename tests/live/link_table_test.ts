import assert from "node:assert/strict";
import { IDLE_LINKS_MAX, LinkTable } from "../../src/live/link_table.ts";
import { LinkRecord } from "../../src/live/link_record.ts";
import { makeLink } from "../../src/live/link_making.ts";
import { Metrics } from "../../src/base/metrics.ts";
import { silentLog } from "../../src/base/log.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeLiveRooms } from "../support/fake_live_rooms.ts";
import { FakeSource } from "../support/fake_source.ts";

const PARTS = {
  clock: new FakeClock(),
  rooms: new FakeLiveRooms(),
  log: silentLog,
  metrics: new Metrics(),
  ids: { fraction: () => 0 },
  backoffJitter: 0,
  stallMs: 0,
  pingMs: 0,
  isFollowing: false,
  listener: { onChange: () => {}, onKept: () => {}, onEnded: () => {} },
};

function linkOf(liveId: string, isWanted: boolean) {
  const record = new LinkRecord({ liveId, source: "fake", addedAt: 0 });
  record.isWanted = isWanted;
  record.roomId = `room-${liveId}`;
  return makeLink(new FakeSource(), record, PARTS);
}

Deno.test("LinkTable counts what is wanted, and finds a link by its room", () => {
  const table = new LinkTable();
  const link = linkOf("1", true);
  table.put(link, 0);
  table.put(linkOf("2", false), 0);
  assert.equal(table.wantedCount, 1);
  assert.equal(table.ofRoom("room-1"), link);
  link.record.isWanted = false;
  table.put(link, 0);
  assert.equal(table.wantedCount, 0);
  table.remove("1");
  assert.equal(table.get("1"), undefined);
  assert.equal(table.wantedCount, 0);
});

Deno.test("LinkTable names those that nobody wants for long enough", () => {
  const table = new LinkTable();
  table.put(linkOf("1", false), 0);
  table.put(linkOf("2", false), 1);
  const ids = table.idle(100, 100).map(({ record }) => record.liveId);
  assert.deepEqual(ids, ["1"]);
});

Deno.test("LinkTable names the oldest beyond what it keeps", () => {
  const table = new LinkTable();
  const links = Array.from(
    { length: IDLE_LINKS_MAX },
    (_, index) => linkOf(`${index}`, false),
  );
  for (const link of links) table.put(link, 0);
  assert.deepEqual(table.surplus(), []);
  table.put(linkOf("new", false), 0);
  const [first] = links;
  assert(first !== undefined);
  assert.deepEqual(table.surplus(), ["0"]);
  table.put(first, 1);
  assert.deepEqual(table.surplus(), ["1"]);
});
