// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import fc from "fast-check";
import type { LogEntry } from "../../src/wire/entry.ts";
import { type ErrorCode, ERRORS } from "../../src/wire/errors.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { liveDialect } from "../../src/wire/live_dialect.ts";
import {
  liveEntryFrame,
  liveMessageBody,
  statsBody,
  statusBody,
} from "../../src/wire/live_frames.ts";
import { LINK_STATUS, LIVE_STATS, LIVE_WELCOME } from "./live_events.ts";

const dialect = liveDialect({
  liveId: "77",
  contentCharsMax: 4096,
  userIdCharsMax: 128,
});

const AT = Date.UTC(2026, 0, 1);

/** A chat from outside. */
function fed(seq: number, text = '{"type":"chat","live_id":"77"}'): LogEntry {
  const place = { roomId: "r1", seq, id: `id${seq}`, at: AT };
  const payload = { type: "chat", text, count: 1 } as const;
  return { ...place, kind: "live", actor: null, payload };
}

/** Something that viewers are told nothing of. */
function ban(seq: number): LogEntry {
  const place = { roomId: "r1", seq, id: `id${seq}`, at: AT };
  const payload = { userId: "bob", until: null };
  return { ...place, kind: "ban", actor: null, payload };
}

/** An event as a client parses it. */
function heard(event: RoomEvent): Record<string, unknown> {
  const text = dialect.encode(event);
  assert(text !== null, `${event.type} has no word`);
  return JSON.parse(text);
}

Deno.test("liveDialect has the name of its endpoint and one text for all", () => {
  assert.equal(dialect.name, "live");
  assert.equal(dialect.isPersonal, false);
  assert.equal(dialect.decodeBinary, undefined);
  assert.equal(dialect.decode('{"type":"ping"}').ok, true);
});

Deno.test("liveDialect says first where the link stands and what was said last", () => {
  const entries = [fed(8), ban(9), fed(10)];
  const snapshot = {
    type: "live_snapshot",
    welcome: LIVE_WELCOME,
    status: LINK_STATUS,
    stats: LIVE_STATS,
    entries,
  } as const;
  assert.deepEqual(heard(snapshot), {
    type: "snapshot",
    live_id: "77",
    room_id: "r1",
    session_id: "s1",
    user: { user_id: "viewer-1", nickname: "viewer-1" },
    epoch: "e1",
    last_seq: 9,
    recovered: false,
    status: statusBody(LINK_STATUS),
    stats: statsBody(LIVE_STATS),
    messages: [fed(8), fed(10)].map((entry) => liveMessageBody(entry, "77")),
  });
  assert.deepEqual(heard({ ...snapshot, entries: [] })["messages"], []);
});

Deno.test("liveDialect gives a message as it is kept, in a list and as it comes", () => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(fc.property(objects, (data) => {
    const text = JSON.stringify(data);
    const entry = fed(7, text);
    const frame = dialect.encode({ type: "entry", entry });
    assert.equal(frame, liveEntryFrame(entry, "77"));
    assert(frame?.endsWith(`"data":${text}}`));
    const event = { type: "history", entries: [entry], hasMore: true } as const;
    assert(dialect.encode(event)?.endsWith(`"data":${text}}]}`));
  }));
});

Deno.test("liveDialect pages the log", () => {
  const entries = [fed(1), fed(2)];
  assert.deepEqual(heard({ type: "history", entries, hasMore: true }), {
    type: "history",
    has_more: true,
    messages: entries.map((entry) => liveMessageBody(entry, "77")),
  });
});

Deno.test("liveDialect says a burst as its last message, with the sum", () => {
  const last = { type: "like", user_name: "安", count: 2, live_id: "77" };
  const burst = {
    type: "like",
    fromSeq: 4,
    toSeq: 9,
    id: "id9",
    at: AT,
    messages: 5,
    count: 31,
    text: JSON.stringify(last),
  } as const;
  const frame = {
    type: "live_message",
    seq: 9,
    from_seq: 4,
    conflated: 5,
    id: "id9",
    at: AT,
    data: { ...last, count: 31 },
  };
  assert.deepEqual(heard({ type: "live_burst", burst }), frame);
  const members = JSON.stringify({ type: "member", live_id: "77" });
  const came = { ...burst, type: "member", count: 5, text: members } as const;
  assert.deepEqual(heard({ type: "live_burst", burst: came }), {
    ...frame,
    data: { type: "member", live_id: "77", count: 5 },
  });
});

Deno.test("liveDialect says how the link and the numbers change", () => {
  assert.deepEqual(heard({ type: "live_status", status: LINK_STATUS }), {
    type: "live_status",
    status: statusBody(LINK_STATUS),
  });
  const news = { type: "live_stats", stats: LIVE_STATS, watchers: 3 } as const;
  assert.deepEqual(heard(news), {
    type: "live_stats",
    stats: statsBody(LIVE_STATS),
    watchers: 3,
  });
});

Deno.test("liveDialect answers who asks", () => {
  assert.deepEqual(
    [
      heard({ type: "pong", timestamp: 5 }),
      heard({ type: "pong", timestamp: undefined }),
      heard({ type: "gap", from: 3, to: 9 }),
      heard({
        type: "ack",
        clientMsgId: "m1",
        id: "i",
        seq: 4,
        durability: "fsync",
      }),
    ],
    [
      { type: "pong", timestamp: 5 },
      { type: "pong" },
      { type: "gap", from: 3, to: 9 },
      {
        type: "ack",
        client_msg_id: "m1",
        id: "i",
        seq: 4,
        durability: "fsync",
      },
    ],
  );
});

Deno.test("liveDialect says what was refused, of what, and when to try again", () => {
  const refusal = { type: "error", code: "read_only" } as const;
  assert.deepEqual(
    [
      heard({ ...refusal, clientMsgId: "m1" }),
      heard({ type: "error", code: "rate_limited", retryAfterMs: 1500 }),
      heard({ type: "you_are_muted", until: 5, clientMsgId: "m1" }),
      heard({ type: "you_are_kicked", code: "user_banned" }),
    ],
    [
      { ...refusal, message: ERRORS.read_only.text, client_msg_id: "m1" },
      {
        type: "error",
        code: "rate_limited",
        message: "发送过于频繁，请2秒后再试",
        retry_after_ms: 1500,
      },
      {
        type: "error",
        code: "user_muted",
        message: ERRORS.user_muted.text,
        client_msg_id: "m1",
        until: 5,
      },
      {
        type: "error",
        code: "user_banned",
        message: ERRORS.user_banned.text,
      },
    ],
  );
});

Deno.test("liveDialect has words for every error", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { message } = heard({ type: "error", code });
    assert.equal(message, ERRORS[code].text);
  }
});

Deno.test("liveDialect beats in whole seconds", () => {
  const types = ["heartbeat", "heartbeat_ack"] as const;
  for (const type of types) {
    assert.deepEqual(heard({ type, at: AT + 1999 }), {
      type,
      timestamp: AT / 1000 + 1,
    });
  }
});

Deno.test("liveDialect says nothing of other viewers, nor what nobody asks", () => {
  const { user } = LIVE_WELCOME;
  const silent: RoomEvent[] = [
    LIVE_WELCOME,
    { type: "entry", entry: ban(3) },
    { type: "user_joined", user },
    { type: "user_left", user },
    { type: "arrived", user },
    { type: "departed", user },
    { type: "room_stats", currentUsers: 1, peakUsers: 1 },
    { type: "notice", user, notice: { type: "typing", isTyping: true } },
    { type: "token_refreshed", expiresAt: null },
    { type: "connected" },
    { type: "assigned", roomId: "r", status: "created_new" },
    { type: "room_info", roomId: "r", totalClients: 1, clients: [] },
  ];
  for (const event of silent) {
    assert.equal(dialect.encode(event), null, event.type);
  }
});
