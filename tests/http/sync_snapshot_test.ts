import assert from "node:assert/strict";
import { SYNC_RECORDS_MAX } from "../../src/callback/room_sync.ts";
import { snapshotStream } from "../../src/http/sync_snapshot.ts";
import type { PageQuery } from "../../src/store/store.ts";
import { settle } from "../support/fake_clock.ts";
import { FakeHistory } from "../support/fake_history.ts";
import { FakeRooms } from "../support/fake_rooms.ts";

/** Remembers which rooms were read. */
class WatchedHistory extends FakeHistory {
  readonly read: string[] = [];
  readonly limits = new Set<number>();

  override chat(roomId: string, query: PageQuery) {
    this.read.push(roomId);
    this.limits.add(query.limit);
    return super.chat(roomId, query);
  }
}

function newRooms(count: number): FakeRooms {
  const rooms = new FakeRooms();
  for (let index = 1; index <= count; index++) rooms.open(`r${index}`);
  return rooms;
}

Deno.test("snapshotStream writes one array of all rooms", async () => {
  for (const count of [0, 1, 3]) {
    const stream = await snapshotStream(newRooms(count), new FakeHistory());
    const payload = await new Response(stream).json();
    assert.equal(payload.length, count);
  }
});

Deno.test("snapshotStream reads a room only when it is asked for more", async () => {
  const history = new WatchedHistory();
  const stream = await snapshotStream(newRooms(100), history);
  const reader = stream.getReader();
  await reader.read();
  await reader.read();
  await settle();
  // One more is held ready.
  assert.deepEqual(history.read, ["r1", "r2", "r3"]);
  await reader.cancel();
  await settle();
  assert.deepEqual(history.read, ["r1", "r2", "r3"]);
});

Deno.test("snapshotStream asks for no more of a room than the bound", async () => {
  const history = new WatchedHistory();
  const stream = await snapshotStream(newRooms(1), history);
  await new Response(stream).text();
  assert.deepEqual([...history.limits], [SYNC_RECORDS_MAX]);
});

Deno.test("snapshotStream rejects at once when the database fails", async () => {
  const history = new FakeHistory();
  history.failure = new Error("locked");
  await assert.rejects(snapshotStream(newRooms(1), history), /locked/);
});

Deno.test("snapshotStream breaks off when the database fails midway", async () => {
  const history = new FakeHistory();
  const stream = await snapshotStream(newRooms(100), history);
  history.failure = new Error("locked");
  await assert.rejects(new Response(stream).text(), /locked/);
});
