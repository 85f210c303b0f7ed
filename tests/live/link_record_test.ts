import assert from "node:assert/strict";
import { LinkRecord } from "../../src/live/link_record.ts";

function newRecord(): LinkRecord {
  return new LinkRecord({ liveId: "1", source: "fake", addedAt: 1000 });
}

Deno.test("LinkRecord comes back from its row", () => {
  const record = newRecord();
  record.isEnded = true;
  record.moveTo("room");
  record.countedTo("room", 9);
  record.memory.reconnectCount = 3;
  const row = record.toRow(5000);
  const again = LinkRecord.from(row, 6000);
  assert.deepEqual(again.toRow(5000), row);
  assert.equal(again.savedAt, 5000);
  assert.equal(again.memory.reconnectCount, 3);
});

Deno.test("LinkRecord counts on from 0 in another room, and not for the old one", () => {
  const record = newRecord();
  record.moveTo("old");
  record.countedTo("old", 9);
  record.countedTo("old", 8);
  assert.equal(record.throughSeq, 9);
  record.moveTo("new");
  record.countedTo("old", 12);
  assert.equal(record.throughSeq, 0);
});

Deno.test("LinkRecord is older than a row that it has not run since", () => {
  const row = newRecord().toRow(5000);
  const record = LinkRecord.from(row, 6000);
  assert.equal(record.isOlderThan(row), true);
  record.hasRun = true;
  assert.equal(record.isOlderThan(row), false);
  assert.equal(record.isOlderThan({ ...row, changedAt: 5001 }), true);
});
