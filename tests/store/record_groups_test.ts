import assert from "node:assert/strict";
import { groupsOf } from "../../src/store/record_groups.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import {
  closed,
  created,
  entry,
  opened,
  queried,
  said,
  T0,
} from "./fixture.ts";
import { EVERYTHING } from "./outbox_fixture.ts";

Deno.test("groupsOf moves a room on once, however many entries it has", () => {
  const messages = Array.from({ length: 100 }, (_, index) => said(index + 1));
  // One group a message, one for the room, one for the newest instant.
  assert.equal(groupsOf(messages).length, 102);
  const elsewhere = said(1, "elsewhere", { roomId: "room-2" });
  assert.equal(groupsOf([...messages, elsewhere]).length, 104);
});

Deno.test("groupsOf keeps the order of records", () => {
  const groups = groupsOf([created(), opened(), said(1)]);
  const tables = groups.map(([guard]) =>
    /(?:INTO|UPDATE) (\w+)/.exec(guard?.sql ?? "")?.[1]
  );
  assert.deepEqual(tables, ["room", "session", "log_entry", "room", "meta"]);
});

Deno.test("groupsOf writes a device with its stay, and no other user", () => {
  const tablesOf = (record: DurableRecord) => {
    const [group = []] = groupsOf([record]);
    return group.map(({ sql }) => /(?:INTO|UPDATE) (\w+)/.exec(sql)?.[1]);
  };
  const device = tablesOf(opened({ afterSeq: 0 }));
  assert.deepEqual(device, ["session", "room", "device", "event"]);
  assert.deepEqual(tablesOf(opened()), ["session", "room", "event"]);
  assert.deepEqual(tablesOf(queried()), ["room_query"]);
});

Deno.test("groupsOf moves the newest instant on with a query", () => {
  const alive = groupsOf([queried({ at: T0 + 7 })]).at(-1);
  assert.deepEqual(alive?.[0]?.params, [T0 + 7]);
});

Deno.test("groupsOf tells of a record behind what the record does", () => {
  const records = [
    created(),
    opened(),
    said(1),
    entry("kick", 2, { userId: "bob" }),
    closed(),
  ];
  const told = groupsOf(records, EVERYTHING).slice(0, records.length)
    .map((group) => group.map(({ sql }) => /INTO event\b/.test(sql)));
  for (const [isEvent] of told) assert.equal(isEvent, false, "it is no guard");
  const counts = told.map((group) => group.filter((isEvent) => isEvent).length);
  assert.deepEqual(counts, [2, 1, 0, 1, 1]);
});

Deno.test("groupsOf writes the stream, and nothing extra, without a plan", () => {
  const records = [created(), entry("kick", 1, { userId: "bob" })];
  const told = groupsOf(records).flat()
    .filter(({ sql }) => /INTO event\b/.test(sql));
  assert.equal(told.length, 1);
});
