import assert from "node:assert/strict";
import { type ErrorCode, ERRORS } from "../../src/wire/errors.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { roomsDialect } from "../../src/wire/rooms_dialect.ts";
import { messageRecord } from "../support/records.ts";
import { LIVE_EVENTS } from "./live_events.ts";

const dialect = roomsDialect({ contentCharsMax: 4, userIdCharsMax: 128 });

/** An event as a client parses it. */
function heard(event: RoomEvent): Record<string, unknown> {
  return JSON.parse(dialect.encode(event) ?? "null");
}

const ANN = { userId: "ann", nickname: "安" };

Deno.test("roomsDialect says welcome, with what a client resumes by beside it", () => {
  const welcome = heard({
    type: "welcome",
    roomId: "r1",
    user: ANN,
    isMuted: false,
    sessionId: "s1",
    epoch: "e1",
    lastSeq: 9,
    recovered: true,
  });
  assert.deepEqual(welcome, {
    type: "WelcomeInfo",
    payload: { user_id: "ann", nickname: "安", is_muted: false },
    session_id: "s1",
    epoch: "e1",
    last_seq: 9,
    recovered: true,
  });
});

Deno.test("roomsDialect says who came and went, and how many are here", () => {
  assert.deepEqual(
    [
      heard({ type: "user_joined", user: ANN }),
      heard({ type: "user_left", user: ANN }),
      heard({ type: "room_stats", currentUsers: 2, peakUsers: 5 }),
    ],
    [
      { type: "UserJoined", payload: { user_id: "ann", nickname: "安" } },
      { type: "UserLeft", payload: { user_id: "ann", nickname: "安" } },
      { type: "RoomStats", payload: { current_users: 2, peak_users: 5 } },
    ],
  );
});

Deno.test("roomsDialect gives types without fields no payload key", () => {
  assert.deepEqual(
    [
      heard({ type: "you_are_kicked", code: "user_kicked" }),
      heard({ type: "you_are_muted", until: null }),
      heard({ type: "you_are_muted", until: 1_700_000_000_000 }),
      heard({ type: "you_are_muted", until: null, clientMsgId: "m1" }),
      heard({ type: "pong", timestamp: undefined }),
    ],
    [
      { type: "YouAreKicked" },
      { type: "YouAreMuted", until: null },
      { type: "YouAreMuted", until: 1_700_000_000_000 },
      { type: "YouAreMuted", until: null, client_msg_id: "m1" },
      { type: "Pong" },
    ],
  );
});

Deno.test("roomsDialect echoes a ping's timestamp", () => {
  for (const timestamp of [0, 12, null]) {
    assert.deepEqual(heard({ type: "pong", timestamp }), {
      type: "Pong",
      payload: { timestamp },
    });
  }
});

Deno.test("roomsDialect says an error in the table's words or its own", () => {
  assert.deepEqual(heard({ type: "error", code: "room_ended" }), {
    type: "Error",
    payload: { message: "房间已关闭" },
    code: "room_ended",
  });
  const own = heard({
    type: "error",
    code: "bad_request",
    message: "Invalid payload.content",
    retryAfterMs: 3000,
    clientMsgId: "m1",
  });
  assert.deepEqual(own, {
    type: "Error",
    payload: { message: "Invalid payload.content" },
    code: "bad_request",
    retry_after_ms: 3000,
    client_msg_id: "m1",
  });
});

Deno.test("roomsDialect tells who speaks too soon the seconds, rounded up", () => {
  const waits = [1, 999, 1000, 1001, 3000].map((retryAfterMs) =>
    heard({ type: "error", code: "rate_limited", retryAfterMs }).payload
  );
  assert.deepEqual(
    waits,
    [1, 1, 1, 2, 3].map((seconds) => ({
      message: `发送过于频繁，请${seconds}秒后再试`,
    })),
  );
});

Deno.test("roomsDialect has words for every error", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { payload } = heard({ type: "error", code });
    assert.deepEqual(payload, { message: ERRORS[code].text });
  }
});

Deno.test("roomsDialect says a receipt and a gap", () => {
  const ack = heard({
    type: "ack",
    clientMsgId: "m1",
    id: "id7",
    seq: 7,
    durability: "journal",
  });
  assert.deepEqual(ack, {
    type: "Ack",
    payload: { client_msg_id: "m1", id: "id7", seq: 7, durability: "journal" },
  });
  assert.deepEqual(heard({ type: "gap", from: 3, to: 9 }), {
    type: "Gap",
    payload: { from: 3, to: 9 },
  });
});

Deno.test("roomsDialect pages history in the frames that were live", () => {
  const records = [messageRecord("a", 1), messageRecord("a", 2)];
  const entries = records.flatMap((one) =>
    one.type === "entry" ? [one.entry] : []
  );
  const live = entries.map((entry) => heard({ type: "entry", entry }));
  assert.deepEqual(live.map(({ seq }) => seq), [1, 2]);
  assert.deepEqual(heard({ type: "history", entries, hasMore: true }), {
    type: "History",
    payload: { entries: live, has_more: true },
  });
});

Deno.test("roomsDialect says until when a new token holds", () => {
  for (const expiresAt of [null, 1_700_000_000_000]) {
    assert.deepEqual(heard({ type: "token_refreshed", expiresAt }), {
      type: "TokenRefreshed",
      payload: { expires_at: expiresAt },
    });
  }
});

Deno.test("roomsDialect has no word for what only chat rooms say", () => {
  const typing = { type: "typing", isTyping: true } as const;
  const silent: RoomEvent[] = [
    { type: "arrived", user: ANN },
    { type: "departed", user: ANN },
    { type: "notice", user: ANN, notice: typing },
    { type: "heartbeat", at: 1000 },
    { type: "heartbeat_ack", at: 1000 },
  ];
  assert.deepEqual(silent.map((event) => dialect.encode(event)), [
    null,
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("roomsDialect has no word for what devices are told", () => {
  const silent: RoomEvent[] = [
    { type: "connected" },
    { type: "assigned", roomId: "r1", status: "created_new" },
    { type: "room_info", roomId: "r1", totalClients: 1, clients: [ANN] },
  ];
  for (const event of silent) assert.equal(dialect.encode(event), null);
});

Deno.test("roomsDialect says the same to the author as to all others", () => {
  assert.equal(dialect.isPersonal, false);
  const record = messageRecord("a", 1);
  assert(record.type === "entry");
  const event = { type: "entry", entry: record.entry } as const;
  const text = dialect.encode(event);
  assert.equal(dialect.encode(event, record.entry.actor ?? ""), text);
});

Deno.test("roomsDialect encodes each event in one line", () => {
  const event = {
    type: "error",
    code: "internal",
    message: "two\nlines\r\u2028",
  } as const;
  assert.doesNotMatch(dialect.encode(event) ?? "\n", /[\n\r]/);
});

Deno.test("roomsDialect decodes within its server's bounds", () => {
  const long = '{"type":"SendMessage","payload":{"content":"hello"}}';
  const short = '{"type":"SendMessage","payload":{"content":"hell"}}';
  assert.equal(dialect.decode(long).ok, false);
  assert.equal(dialect.decode(short).ok, true);
});

Deno.test("roomsDialect has the name of its endpoint", () => {
  assert.equal(dialect.name, "rooms");
});

Deno.test("roomsDialect has no word for what only live rooms say", () => {
  for (const event of LIVE_EVENTS) {
    assert.equal(dialect.encode(event, "u1"), null, event.type);
  }
});
