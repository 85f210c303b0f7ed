import assert from "node:assert/strict";
import { isDurableRecord } from "../../src/record/record_schema.ts";
import type { EntryPayloads } from "../../src/wire/entry.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { closedRecord, messageRecord } from "../support/records.ts";

const created: DurableRecord = {
  type: "room_created",
  room: {
    id: "a",
    kind: "managed",
    epoch: "e",
    name: "A",
    slowModeSecs: null,
    membersMax: 10,
    pinned: null,
    adminUserIds: ["ann"],
    autoClose: true,
    createdAt: 0,
  },
};

const opened: DurableRecord = {
  type: "session_opened",
  session: {
    id: "s1",
    roomId: "a",
    userId: "ann",
    nickname: "Ann",
    ip: "::1",
    joinedAt: 0,
    peakUsers: 1,
  },
};

/** One good payload of each kind, and more where fields may be missing. */
const PAYLOADS: { [Kind in keyof EntryPayloads]: EntryPayloads[Kind][] } = {
  message: [
    { nickname: "Ann", content: "", isAdmin: true },
    {
      nickname: "Ann",
      content: "",
      isAdmin: true,
      clientMsgId: "1",
      deleted: true,
    },
  ],
  "custom_event": [{ eventType: "x", payload: { deep: [1, null] } }],
  system: [{ message: "hello" }],
  delete: [{ seq: 1 }],
  kick: [{ userId: "bob" }],
  ban: [{ userId: "bob", until: null }, { userId: "bob", until: 5 }],
  unban: [{ userId: "bob" }],
  mute: [{ userId: "bob", until: null }],
  unmute: [{ userId: "bob" }],
  admins: [{ userIds: [] }, { userIds: ["ann"] }],
  settings: [{}, { name: "B" }, { slowModeSecs: null, pinned: "x" }],
  end: [{ reason: "closed" }, { reason: "reaped" }],
};

function entry(kind: string, payload: unknown, changes: object = {}) {
  const envelope = { roomId: "a", seq: 1, id: "i", at: 0, actor: null };
  return { type: "entry", entry: { ...envelope, kind, payload, ...changes } };
}

Deno.test("isDurableRecord knows a record of each type", () => {
  for (const record of [created, opened, closedRecord(), messageRecord()]) {
    assert.equal(isDurableRecord(record), true, record.type);
  }
});

Deno.test("isDurableRecord knows an entry of each kind", () => {
  for (const [kind, payloads] of Object.entries(PAYLOADS)) {
    for (const payload of payloads) {
      assert.equal(isDurableRecord(entry(kind, payload)), true, kind);
    }
  }
});

Deno.test("isDurableRecord allows fields that it does not know", () => {
  const known = messageRecord();
  assert.equal(isDurableRecord({ ...known, later: 1 }), true);
  const payload = { message: "hello", later: true };
  assert.equal(isDurableRecord(entry("system", payload, { later: 1 })), true);
});

Deno.test("isDurableRecord refuses what is not a record", () => {
  for (const value of [null, 1, "x", [], {}, { type: "poll" }]) {
    assert.equal(isDurableRecord(value), false);
  }
});

Deno.test("isDurableRecord refuses an entry whose payload is of another kind", () => {
  const refused: [string, unknown][] = [
    ["message", { message: "hello" }],
    ["message", { nickname: "Ann", content: 1, isAdmin: true }],
    ["system", undefined],
    ["ban", { userId: "bob" }],
    ["settings", { name: null }],
    ["end", { reason: "bored" }],
    ["constructor", {}],
    ["__proto__", {}],
  ];
  for (const [kind, payload] of refused) {
    assert.equal(isDurableRecord(entry(kind, payload)), false, kind);
  }
});

Deno.test("isDurableRecord refuses a number that no entry has", () => {
  for (const seq of [0, -1, 1.5, "1", null]) {
    const record = entry("system", { message: "hello" }, { seq });
    assert.equal(isDurableRecord(record), false, String(seq));
  }
});

Deno.test("isDurableRecord refuses a record with any field missing", () => {
  for (const record of [created, opened, closedRecord()]) {
    const { type, ...rest } = record;
    const [[name, body] = ["", {}]] = Object.entries(rest);
    for (const field of Object.keys(body)) {
      const less = { ...body, [field]: undefined };
      assert.equal(isDurableRecord({ type, [name]: less }), false, field);
    }
  }
});
