import assert from "node:assert/strict";
import { groupsOf } from "../../src/store/record_groups.ts";
import { created, opened, said } from "./fixture.ts";

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
