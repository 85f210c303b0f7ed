import assert from "node:assert/strict";
import { SystemClock } from "../../src/base/clock.ts";
import { systemIds } from "../../src/base/ids.ts";
import { silentLog } from "../../src/base/log.ts";
import { Metrics } from "../../src/base/metrics.ts";
import { Supervisor } from "../../src/live/supervisor.ts";
import { openSqliteStore } from "../../src/store/open_sqlite_store.ts";
import type { LiveStore } from "../../src/live/live_store.ts";
import { FakeLiveRooms } from "../support/fake_live_rooms.ts";
import { FakeSource } from "../support/fake_source.ts";
import { eventually } from "../support/within.ts";

function newProcess(store: LiveStore) {
  const source = new FakeSource();
  const supervisor = new Supervisor({
    sources: new Map([[source.name, source]]),
    defaultSource: source.name,
    rooms: new FakeLiveRooms(),
    store,
    clock: new SystemClock(),
    ids: systemIds,
    log: silentLog,
    metrics: new Metrics(),
    linksMax: 10,
    backoffJitter: 0,
    stallMs: 0,
    pingMs: 0,
    isFollowing: false,
  });
  return { source, supervisor };
}

Deno.test("Supervisors on one database connect once, and hand over", async () => {
  const store = await openSqliteStore({
    url: "sqlite::memory:",
    clock: new SystemClock(),
    log: silentLog,
  });
  try {
    const first = newProcess(store);
    const second = newProcess(store);
    await first.supervisor.start();
    await first.supervisor.add("1");
    first.source.last.open();
    await second.supervisor.start();
    assert.equal(second.supervisor.status("1")?.fault, "lease_held");
    await second.supervisor.retry("1");
    assert.equal(second.source.checked.length, 0);
    await first.supervisor.stop();
    await second.supervisor.retry("1");
    await eventually(() => second.source.connections.length === 1, {
      what: "the second to connect",
    });
    await second.supervisor.stop();
  } finally {
    await store.close();
  }
});
