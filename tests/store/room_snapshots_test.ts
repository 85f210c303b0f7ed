import assert from "node:assert/strict";
import { NO_CALLBACKS } from "../../src/wire/callback.ts";
import { created, entry, T0 } from "./fixture.ts";
import { only, testOutbox } from "./outbox_fixture.ts";

const BOTH = ["PeriodicSync", "RoomSync"] as const;
const AT = T0 + 300_000;

testOutbox(
  "insertSnapshots makes one of every room that goes on",
  async (test) => {
    await test.apply(
      created({ id: "b" }),
      created({ id: "a" }),
      created({ id: "ended" }),
      entry("end", 1, { reason: "closed" }, { roomId: "ended" }),
    );
    await test.deliver("sync");
    assert.equal(await test.outbox.queueSnapshots(BOTH, AT), 4);
    assert.deepEqual(await test.ids("type <> 'RoomCreated'"), [
      `periodic_a_${AT}`,
      `periodic_b_${AT}`,
      `sync_a_${AT}`,
      `sync_b_${AT}`,
    ]);
    const [row] = await test.rows(
      "SELECT * FROM event WHERE id LIKE 'sync_a%'",
    );
    assert.deepEqual(
      [
        row?.type,
        row?.at,
        row?.data,
        row?.endpoint,
        row?.state,
        row?.queued_at,
      ],
      ["RoomSync", AT, "{}", "sync", "pending", AT],
    );
    assert.deepEqual(await test.deliver("periodic-sync"), [
      `periodic_a_${AT}`,
      `periodic_b_${AT}`,
    ]);
  },
);

testOutbox(
  "insertSnapshots makes no second one while the first waits",
  async (test) => {
    const { outbox } = test;
    await test.apply(created({ id: "a" }), created({ id: "b" }));
    assert.equal(
      await outbox.queueSnapshots(BOTH, AT),
      2,
      "RoomSync waits yet",
    );
    assert.equal(await outbox.queueSnapshots(BOTH, AT + 1), 0);
    await test.deliver("periodic-sync");
    assert.equal(await outbox.queueSnapshots(BOTH, AT + 2), 2);
    await test.deliver("sync");
    assert.equal(await outbox.queueSnapshots(["RoomSync"], AT + 3), 2);
  },
);

testOutbox("insertSnapshots makes none where nobody is", async (test) => {
  await test.apply(created());
  assert.equal(await test.outbox.queueSnapshots(BOTH, AT), 1);
  assert.equal(await test.outbox.queueSnapshots([], AT), 0);
  const periodic = await test.ids("type = 'PeriodicSync'");
  assert.deepEqual(periodic, [`periodic_room-1_${AT}`]);
}, only("periodic-sync"));

testOutbox("insertSnapshots makes none without a plan", async (test) => {
  await test.apply(created());
  assert.equal(await test.outbox.queueSnapshots(BOTH, AT), 0);
  assert.deepEqual(await test.ids(), ["created_room-1"]);
}, NO_CALLBACKS);
