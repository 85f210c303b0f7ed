// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  heartbeatFields,
  historyFields,
  pingFields,
  refreshTokenFields,
  statusFields,
} from "../../src/wire/connection_frames.ts";

Deno.test("pingFields keeps the difference of null and nothing", () => {
  const { timestamp } = pingFields().parse({});
  assert.equal(timestamp, undefined);
  assert.equal(pingFields().parse({ timestamp: null }).timestamp, null);
});

Deno.test("historyFields takes one end of a range, and 1 to 200 entries", () => {
  const fields = historyFields();
  assert.deepEqual(fields.parse({ before_seq: 3, after_seq: null }), {
    type: "history",
    limit: 50,
    beforeSeq: 3,
  });
  for (const limit of [1, 199, 200]) {
    assert.equal(fields.parse({ limit }).limit, limit);
  }
  for (const range of [{ limit: 0 }, { limit: 201 }, { before_seq: 0 }]) {
    assert.equal(fields.safeParse(range).success, false);
  }
  const both = { before_seq: 1, after_seq: 1 };
  assert.equal(fields.safeParse(both).success, false);
});

Deno.test("refreshTokenFields takes a token of 1 to 8192 characters", () => {
  const fields = refreshTokenFields();
  assert.equal(fields.safeParse({ token: "x".repeat(8192) }).success, true);
  for (const token of ["", "x".repeat(8193), null]) {
    assert.equal(fields.safeParse({ token }).success, false);
  }
});

Deno.test("statusFields takes the four statuses and no other", () => {
  for (const status of ["online", "busy", "away", "offline"]) {
    assert.equal(statusFields().parse({ status }).status, status);
  }
  assert.equal(statusFields().parse({ status: null }).status, "online");
  assert.equal(statusFields().safeParse({ status: "gone" }).success, false);
});

Deno.test("heartbeatFields takes anything beside its type", () => {
  const beat = { type: "heartbeat_ack", timestamp: 5 };
  assert.deepEqual(heartbeatFields().parse(beat), { type: "heartbeat" });
});
