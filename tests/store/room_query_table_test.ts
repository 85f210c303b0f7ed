import assert from "node:assert/strict";
import { queried, T0 } from "./fixture.ts";
import { testOutbox } from "./outbox_fixture.ts";

const ALL = "SELECT * FROM room_queries";

testOutbox("room_query_table keeps each query once", async (test) => {
  await test.apply(
    queried(),
    queried({ id: "query-2", userId: "b\0b", at: T0 + 61_999 }),
  );
  await test.apply(queried({ at: T0 + 9000 }), queried());
  assert.deepEqual(await test.rows(ALL), [
    {
      id: 1,
      device_id: "ann",
      room_id: "room-1",
      queried_at: "2023-11-14 22:13:21",
    },
    {
      id: 2,
      device_id: "b\uFFFDb",
      room_id: "room-1",
      queried_at: "2023-11-14 22:14:21",
    },
  ]);
  assert.deepEqual(await test.ids(), [], "nobody is called back");
});

testOutbox("room_query_table takes none of a purged room", async (test) => {
  const purged = `INSERT INTO purged_room (room_id, through_at)
    VALUES ('room-1', ${T0 + 1000})`;
  await test.connection.transaction([[{ sql: purged }]]);
  await test.apply(queried({ at: T0 + 1000 }));
  assert.deepEqual(await test.rows(ALL), []);
  await test.apply(queried({ at: T0 + 1001 }));
  assert.equal((await test.rows(ALL)).length, 1);
});
