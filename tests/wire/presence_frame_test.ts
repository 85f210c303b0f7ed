import assert from "node:assert/strict";
import fc from "fast-check";
import {
  chatUrl,
  decodePresence,
  encodePush,
  type PushFrame,
} from "../../src/wire/presence_frame.ts";
import type { PresenceFacts } from "../../src/wire/presence.ts";

const AT = Date.UTC(2026, 0, 1);

const ANN: PresenceFacts = {
  userId: "ann",
  nickname: "安",
  status: "busy",
  isOnline: true,
  lastSeenAt: AT,
  roomId: "r1",
};

const GONE: PresenceFacts = {
  userId: "bob",
  nickname: "Bob",
  status: "offline",
  isOnline: false,
  lastSeenAt: null,
  roomId: null,
};

/** A frame as a client parses it. */
function heard(frame: PushFrame): unknown {
  return JSON.parse(encodePush(frame));
}

Deno.test("encodePush says first who one is here", () => {
  assert.deepEqual(heard({ type: "established", facts: ANN }), {
    type: "presence_established",
    user: "ann",
    user_profile: {
      id: "ann",
      username: "ann",
      first_name: "",
      last_name: "",
      display_name: "安",
      avatar_url: null,
      bio: "",
      membership_type: "",
      theme_mode: "",
      tags: [],
      is_online: true,
    },
    status: "busy",
    last_seen: "2026-01-01T00:00:00.000Z",
    heartbeat_interval: 30,
  });
});

Deno.test("encodePush says where a match is, and with whom", () => {
  const frame = {
    type: "heart_link",
    status: "matched",
    requestId: "l1",
    number: null,
    roomId: "r1",
    partner: { userId: "bob", nickname: "Bob" },
  } as const;
  assert.deepEqual(heard(frame), {
    type: "heart_link",
    status: "matched",
    request_id: "l1",
    number: null,
    room_id: "r1",
    matched_user: "bob",
    matched_user_name: "Bob",
    chat_url: "/tools/chat/enhanced/r1/",
  });
});

Deno.test("encodePush names no partner and no page where there is no match", () => {
  for (
    const status of ["pending", "matching", "expired", "cancelled"] as const
  ) {
    const frame = {
      type: "heart_link",
      status,
      requestId: "l1",
      number: "0042",
      roomId: "r1",
      partner: null,
    } as const;
    assert.deepEqual(heard(frame), {
      type: "heart_link",
      status,
      request_id: "l1",
      number: "0042",
      room_id: "r1",
      matched_user: null,
      matched_user_name: null,
      chat_url: null,
    });
  }
});

Deno.test("encodePush says who changed, and how", () => {
  assert.deepEqual(heard({ type: "presence_update", users: [ANN, GONE] }), {
    type: "presence_update",
    users: [
      {
        user_id: "ann",
        username: "ann",
        display_name: "安",
        status: "busy",
        is_online: true,
        last_seen: "2026-01-01T00:00:00.000Z",
        current_room: "r1",
      },
      {
        user_id: "bob",
        username: "bob",
        display_name: "Bob",
        status: "offline",
        is_online: false,
        last_seen: null,
        current_room: null,
      },
    ],
  });
});

Deno.test("encodePush says that rooms changed, beats, and errors", () => {
  assert.deepEqual(
    [
      heard({ type: "active_rooms_changed" }),
      heard({ type: "heartbeat", at: 1999 }),
      heard({ type: "heartbeat_ack", at: 2000 }),
      heard({ type: "pong", timestamp: undefined }),
      heard({ type: "pong", timestamp: 7 }),
      heard({ type: "error", code: "bad_json" }),
      heard({ type: "error", code: "bad_request", message: "Invalid status" }),
    ],
    [
      { type: "active_rooms_changed" },
      { type: "heartbeat", timestamp: 1 },
      { type: "heartbeat_ack", timestamp: 2 },
      { type: "pong" },
      { type: "pong", timestamp: 7 },
      { type: "error", code: "bad_json", message: "Invalid JSON" },
      { type: "error", code: "bad_request", message: "Invalid status" },
    ],
  );
});

Deno.test("chatUrl keeps a room's id within its place", () => {
  assert.equal(chatUrl("match-1"), "/tools/chat/enhanced/match-1/");
  assert.equal(chatUrl("a/../b?c"), "/tools/chat/enhanced/a%2F..%2Fb%3Fc/");
});

Deno.test("decodePresence understands what a client may say", () => {
  const frames = [
    { type: "online_status", status: "away" },
    { type: "online_status" },
    { type: "heartbeat" },
    { type: "heartbeat_ack", timestamp: 5 },
    { type: "ping", timestamp: 5 },
    { type: "ping" },
  ];
  const commands = frames.map((frame) => {
    const result = decodePresence(JSON.stringify(frame));
    return result.ok ? result.command : result.code;
  });
  assert.deepEqual(commands, [
    { type: "set_status", status: "away" },
    { type: "set_status", status: "online" },
    { type: "heartbeat" },
    { type: "heartbeat" },
    { type: "ping", timestamp: 5 },
    { type: "ping", timestamp: undefined },
  ]);
});

Deno.test("decodePresence refuses all else with a code", () => {
  const texts: [string, string][] = [
    ["", "bad_json"],
    ["[]", "bad_json"],
    ["{}", "unknown_type"],
    ['{"type":"message","content":"hi"}', "unknown_type"],
    ['{"type":"__proto__"}', "unknown_type"],
    ['{"type":["ping"]}', "unknown_type"],
    ['{"type":"online_status","status":"asleep"}', "bad_request"],
    ['{"type":"ping","timestamp":"5"}', "bad_request"],
  ];
  for (const [text, code] of texts) {
    const result = decodePresence(text);
    assert(!result.ok);
    assert.equal(result.code, code, text);
  }
});

Deno.test("decodePresence answers any text, and never throws", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    assert.equal(typeof decodePresence(text).ok, "boolean");
  }));
});
