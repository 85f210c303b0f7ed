import assert from "node:assert/strict";
import { advanceAlive } from "../../src/store/meta_table.ts";
import { groupsOf } from "../../src/store/record_groups.ts";
import { closeOrphanSessions } from "../../src/store/session_table.ts";
import {
  closed,
  created,
  newMigrated,
  opened,
  said,
  T0,
  testStore,
} from "./fixture.ts";

testStore("meta_table knows no instant at first", async ({ store }) => {
  assert.deepEqual(await store.closeOrphans(), { count: 0, at: 0 });
});

testStore(
  "meta_table moves its instant on with every kind of record",
  async ({ store }) => {
    const at = async () => (await store.closeOrphans()).at;
    await store.apply([created({ createdAt: T0 + 1 })]);
    assert.equal(await at(), T0 + 1);
    await store.apply([opened({ joinedAt: T0 + 2 })]);
    assert.equal(await at(), T0 + 2);
    await store.apply([said(1, "hello", { at: T0 + 3 })]);
    assert.equal(await at(), T0 + 3);
    await store.apply([closed({ leftAt: T0 + 4 })]);
    assert.equal(await at(), T0 + 4);
    await store.touch(T0 + 5);
    assert.equal(await at(), T0 + 5);
  },
);

testStore("meta_table never moves its instant back", async ({ store }) => {
  await store.touch(T0 + 1000);
  await store.touch(T0);
  await store.apply([created({ createdAt: T0 })]);
  assert.deepEqual(await store.closeOrphans(), { count: 0, at: T0 + 1000 });
});

Deno.test("closeOrphanSessions ends no stay before it began", async () => {
  await using connection = await newMigrated();
  await connection.transaction(groupsOf([
    created(),
    opened({ id: "early", joinedAt: T0 }),
    opened({ id: "late", joinedAt: T0 + 9000 }),
  ]));
  const { rooms, sessions } = closeOrphanSessions(T0 + 5000);
  await connection.transaction([rooms, sessions]);
  const ends = { sql: "SELECT left_at FROM session ORDER BY joined_at" };
  assert.deepEqual(await connection.rows(ends), [
    { left_at: T0 + 5000 },
    { left_at: T0 + 9000 },
  ]);
  const room = { sql: "SELECT last_left_at FROM room" };
  assert.deepEqual(await connection.rows(room), [{ last_left_at: T0 + 9000 }]);
});

Deno.test("advanceAlive stores a whole number", async () => {
  await using connection = await newMigrated();
  await connection.transaction([advanceAlive(T0)]);
  const sql =
    "SELECT value, typeof(value) AS type FROM meta WHERE key = 'alive_at'";
  assert.deepEqual(await connection.rows({ sql }), [
    { value: T0, type: "integer" },
  ]);
});
