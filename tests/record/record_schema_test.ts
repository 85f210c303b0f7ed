import assert from "node:assert/strict";
import { isDurableRecord } from "../../src/record/record_schema.ts";
import type { EntryPayloads } from "../../src/wire/entry.ts";
import { LIVE_TYPES } from "../../src/wire/live.ts";
import type { DurableRecord } from "../../src/wire/record.ts";
import { closedRecord, messageRecord } from "../support/records.ts";

const created: Extract<DurableRecord, { type: "room_created" }> = {
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

const chatCreated: typeof created = {
  type: "room_created",
  room: {
    ...created.room,
    kind: "chat",
    chat: {
      access: "participants",
      participants: [{ userId: "ann", nickname: "Ann" }],
      isWaiting: true,
    },
  },
};

const requested: Extract<DurableRecord, { type: "link_requested" }> = {
  type: "link_requested",
  link: {
    id: "l1",
    userId: "ann",
    nickname: "Ann",
    number: "1234",
    roomId: null,
    createdAt: 0,
  },
};

const settled: Extract<DurableRecord, { type: "link_settled" }> = {
  type: "link_settled",
  link: {
    id: "l1",
    status: "matched",
    at: 5,
    roomId: "a",
    partner: { userId: "bob", nickname: "Bob" },
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

const deviceCreated: typeof created = {
  type: "room_created",
  room: { ...created.room, kind: "device", device: { originId: null } },
};

const liveCreated: typeof created = {
  type: "room_created",
  room: { ...created.room, kind: "live", live: { liveId: "7351" } },
};

const queried: DurableRecord = {
  type: "room_queried",
  query: { id: "q1", roomId: "a", userId: "dev-1", at: 0 },
};

/** One good record of each type. */
const RECORDS: { readonly [Type in DurableRecord["type"]]: DurableRecord } = {
  "room_created": created,
  entry: messageRecord(),
  "session_opened": opened,
  "session_closed": closedRecord(),
  "room_queried": queried,
  "link_requested": requested,
  "link_settled": settled,
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
    {
      nickname: "Ann",
      content: "hi",
      isAdmin: false,
      messageType: "image",
      fileUrl: "/a.png",
      fileName: "a.png",
      senderType: "user",
      read: true,
    },
  ],
  relay: [
    { identity: "sensor", sessionId: "s1", text: "[1, 2]" },
    { identity: "sensor", sessionId: "s1", text: "" },
    {
      identity: "sensor",
      sessionId: "s1",
      base64: "AQID",
      to: "dev-2",
      clientMsgId: "1",
    },
    { identity: "sensor", sessionId: "s1", base64: "" },
  ],
  live: [
    { type: "chat", text: '{"type":"chat"}', count: 1 },
    { type: "like", text: "{}", count: 250, upstreamId: "7001" },
    ...LIVE_TYPES.map((type) => ({ type, text: "{}", count: 0 })),
  ],
  "custom_event": [{ eventType: "x", payload: { deep: [1, null] } }],
  system: [{ message: "hello" }],
  delete: [{ seq: 1 }],
  read: [{ seqs: [1] }, { seqs: [1, 2] }],
  open: [{ participants: [{ userId: "ann", nickname: "Ann" }] }],
  kick: [{ userId: "bob" }],
  ban: [{ userId: "bob", until: null }, { userId: "bob", until: 5 }],
  unban: [{ userId: "bob" }],
  mute: [{ userId: "bob", until: null }],
  unmute: [{ userId: "bob" }],
  admins: [{ userIds: [] }, { userIds: ["ann"] }],
  settings: [{}, { name: "B" }, { slowModeSecs: null, pinned: "x" }],
  end: [{ reason: "closed" }, { reason: "reaped" }, { reason: "unmatched" }],
};

function entry(kind: string, payload: unknown, changes: object = {}) {
  const envelope = { roomId: "a", seq: 1, id: "i", at: 0, actor: null };
  return { type: "entry", entry: { ...envelope, kind, payload, ...changes } };
}

Deno.test("isDurableRecord knows a record of each type", () => {
  for (const [type, record] of Object.entries(RECORDS)) {
    assert.equal(record.type, type);
    assert.equal(isDurableRecord(record), true, type);
  }
});

Deno.test("isDurableRecord knows an entry of each kind", () => {
  for (const [kind, payloads] of Object.entries(PAYLOADS)) {
    for (const payload of payloads) {
      assert.equal(isDurableRecord(entry(kind, payload)), true, kind);
    }
  }
});

Deno.test("isDurableRecord knows a chat room, and one without anything of it", () => {
  assert.equal(isDurableRecord(chatCreated), true);
  assert.equal(isDurableRecord(created), true);
  const { room } = chatCreated;
  for (
    const chat of [
      null,
      {},
      { ...room.chat, access: "friends" },
      { ...room.chat, participants: [] },
      { ...room.chat, participants: [{ userId: "ann" }] },
      { ...room.chat, isWaiting: undefined },
    ]
  ) {
    const record = { type: "room_created", room: { ...room, chat } };
    assert.equal(isDurableRecord(record), false, JSON.stringify(chat));
  }
});

Deno.test("isDurableRecord knows a device room by what only such a room has", () => {
  assert.equal(isDurableRecord(deviceCreated), true);
  const { room } = deviceCreated;
  const later = { ...room, device: { originId: "ABCD1234" } };
  assert.equal(isDurableRecord({ type: "room_created", room: later }), true);
  const { device } = room;
  for (
    const refused of [
      { ...room, device: undefined },
      { ...room, device: {} },
      { ...room, device: { originId: 1 } },
      { ...room, kind: "managed" },
      { ...created.room, device },
      { ...chatCreated.room, device },
      { ...chatCreated.room, kind: "device", device },
    ]
  ) {
    const record = { type: "room_created", room: refused };
    assert.equal(isDurableRecord(record), false, JSON.stringify(refused));
  }
});

Deno.test("isDurableRecord knows a live room by what only such a room has", () => {
  assert.equal(isDurableRecord(liveCreated), true);
  const { room } = liveCreated;
  const { live } = room;
  for (
    const refused of [
      { ...room, live: undefined },
      { ...room, live: {} },
      { ...room, live: { liveId: 7351 } },
      { ...room, kind: "managed" },
      { ...created.room, live },
      { ...chatCreated.room, live },
      { ...deviceCreated.room, live },
      { ...deviceCreated.room, kind: "live", live },
    ]
  ) {
    const record = { type: "room_created", room: refused };
    assert.equal(isDurableRecord(record), false, JSON.stringify(refused));
  }
});

function sessionOf(record: DurableRecord): object {
  return "session" in record ? record.session : {};
}

Deno.test("isDurableRecord knows where in the log a stay began and ended", () => {
  const ended = closedRecord();
  for (const mark of [0, 7, -1, 0.5, null]) {
    const isKnown = mark === 0 || mark === 7;
    const began: object = { ...sessionOf(opened), afterSeq: mark };
    assert.equal(isDurableRecord({ ...opened, session: began }), isKnown);
    const left: object = { ...sessionOf(ended), throughSeq: mark };
    assert.equal(isDurableRecord({ ...ended, session: left }), isKnown);
  }
});

Deno.test("isDurableRecord knows a request and its end with nobody and nowhere", () => {
  const alone = { ...settled.link, status: "expired", roomId: null };
  const link = { ...alone, partner: null };
  assert.equal(isDurableRecord({ type: "link_settled", link }), true);
  for (const status of ["pending", "matching", "done"]) {
    const record = { type: "link_settled", link: { ...link, status } };
    assert.equal(isDurableRecord(record), false, status);
  }
  const anyone = { ...requested.link, number: null, roomId: "a" };
  assert.equal(isDurableRecord({ type: "link_requested", link: anyone }), true);
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
    ["message", { ...PAYLOADS.message[0], messageType: "poem" }],
    ["message", { ...PAYLOADS.message[0], read: false }],
    ["relay", { identity: "sensor", sessionId: "s1" }],
    ["relay", { ...PAYLOADS.relay[0], base64: "AQID" }],
    ["relay", { ...PAYLOADS.relay[0], text: undefined }],
    ["relay", { ...PAYLOADS.relay[2], base64: "AQI" }],
    ["relay", { ...PAYLOADS.relay[2], base64: "AQI*" }],
    ["relay", { ...PAYLOADS.relay[0], to: null }],
    ["relay", { sessionId: "s1", text: "1" }],
    ["relay", { identity: "sensor", text: "1" }],
    ["live", { type: "poem", text: "{}", count: 1 }],
    ["live", { type: "chat", count: 1 }],
    ["live", { type: "chat", text: "{}" }],
    ["live", { type: "chat", text: { type: "chat" }, count: 1 }],
    ["live", { type: "chat", text: "{}", count: "1" }],
    ["live", { type: "chat", text: "{}", count: 1, upstreamId: 7001 }],
    ["read", { seqs: [] }],
    ["read", { seqs: [0] }],
    ["open", { participants: ["ann"] }],
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
  const { entry: _, ...whole } = RECORDS;
  for (const record of Object.values(whole)) {
    const { type, ...rest } = record;
    const [[name, body] = ["", {}]] = Object.entries(rest);
    for (const field of Object.keys(body)) {
      const less = { ...body, [field]: undefined };
      assert.equal(isDurableRecord({ type, [name]: less }), false, field);
    }
  }
});
