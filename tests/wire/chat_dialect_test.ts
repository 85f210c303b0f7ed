import assert from "node:assert/strict";
import fc from "fast-check";
import { chatDialect } from "../../src/wire/chat_dialect.ts";
import type { EntryPayloads, LogEntry } from "../../src/wire/entry.ts";
import { type ErrorCode, ERRORS } from "../../src/wire/errors.ts";
import type { RoomEvent } from "../../src/wire/event.ts";
import { LIVE_EVENTS } from "./live_events.ts";

const dialect = chatDialect({
  contentCharsMax: 4096,
  userIdCharsMax: 128,
  frameBytesMax: 65_536,
});

const AT = Date.UTC(2026, 0, 1);
const ANN = { userId: "ann", nickname: "安" };

/** An event as a client parses it. */
function heard(event: RoomEvent, readerId?: string): Record<string, unknown> {
  const text = dialect.encode(event, readerId);
  assert(text !== null, `${event.type} has no word`);
  return JSON.parse(text);
}

function profile(isOnline: boolean) {
  return {
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
    is_online: isOnline,
  };
}

function message(
  seq: number,
  actor: string,
  more: Partial<EntryPayloads["message"]> = {},
): LogEntry<"message"> {
  const payload = { nickname: "安", content: "你好", isAdmin: false, ...more };
  const place = { roomId: "r1", seq, id: `id${seq}`, at: AT };
  return { ...place, kind: "message", actor, payload };
}

Deno.test("chatDialect says first what the seed says, and what a client resumes by", () => {
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
    type: "connection_established",
    message: "Connected to chat room",
    room_id: "r1",
    user: "ann",
    user_profile: profile(true),
    heartbeat_interval: 30,
    session_id: "s1",
    epoch: "e1",
    last_seq: 9,
    recovered: true,
    is_muted: false,
  });
});

Deno.test("chatDialect says who arrived and who departed", () => {
  assert.deepEqual(
    [
      heard({ type: "arrived", user: ANN }),
      heard({ type: "departed", user: ANN }),
    ],
    [
      { type: "user_joined", username: "ann", user_profile: profile(true) },
      { type: "user_left", username: "ann", user_profile: profile(false) },
    ],
  );
});

Deno.test("chatDialect has no word for the notices of the rooms dialect", () => {
  const silent: RoomEvent[] = [
    { type: "user_joined", user: ANN },
    { type: "user_left", user: ANN },
    { type: "room_stats", currentUsers: 1, peakUsers: 2 },
  ];
  for (const event of silent) assert.equal(dialect.encode(event), null);
});

Deno.test("chatDialect has no word for what devices are told", () => {
  const payload = { identity: "sensor", sessionId: "s1", text: "{}" };
  const place = { roomId: "r1", seq: 7, id: "id7", at: AT, actor: "d1" };
  const entry: LogEntry = { ...place, kind: "relay", payload };
  const silent: RoomEvent[] = [
    { type: "connected" },
    { type: "assigned", roomId: "r1", status: "created_new" },
    { type: "room_info", roomId: "r1", totalClients: 1, clients: [] },
    { type: "entry", entry },
  ];
  for (const event of silent) assert.equal(dialect.encode(event), null);
  const event = { type: "history", entries: [entry], hasMore: false } as const;
  assert.deepEqual(heard(event), {
    type: "history",
    messages: [],
    has_more: false,
  });
});

Deno.test("chatDialect has two texts for a message, however many read it", () => {
  assert.equal(dialect.isPersonal, true);
  const event = { type: "entry", entry: message(7, "ann") } as const;
  const others = dialect.encode(event);
  const own = dialect.encode(event, "ann");
  assert.notEqual(own, others);
  assert.equal(dialect.encode(event, "bob"), others);
  assert.equal(own, others?.replace('"is_own":false', '"is_own":true'));
});

Deno.test("chatDialect pages history in the frames that were live", () => {
  const entries = [message(1, "ann"), message(2, "bob")];
  for (const readerId of [undefined, "ann", "bob"]) {
    const live = entries.map((entry) =>
      heard({ type: "entry", entry }, readerId)
    );
    const event = { type: "history", entries, hasMore: true } as const;
    assert.deepEqual(heard(event, readerId), {
      type: "history",
      messages: live,
      has_more: true,
    });
  }
});

Deno.test("chatDialect says that someone types, with the name that others see", () => {
  const notice = { type: "typing", isTyping: true } as const;
  assert.deepEqual(heard({ type: "notice", user: ANN, notice }), {
    type: "user_typing",
    username: "ann",
    is_typing: true,
    display_name: "安",
  });
});

Deno.test("chatDialect says what the seed says of calls and of posts", () => {
  const invite = { type: "call_invite", message: "来", callRoomId: "c1" };
  const status = {
    type: "call_status",
    status: "joined",
    messageId: 7,
    callRoomId: null,
  };
  const posted = { type: "posted", messageId: "m-1" };
  const frames = [invite, status, posted].map((notice) =>
    heard({ type: "notice", user: ANN, notice } as RoomEvent)
  );
  assert.deepEqual(frames, [
    {
      type: "video_call_invite",
      username: "ann",
      room_id: "c1",
      message: "来",
    },
    {
      type: "video_call_status",
      status: "joined",
      message_id: 7,
      video_room_id: null,
      username: "ann",
    },
    { type: "new_message", message_id: "m-1", username: "ann" },
  ]);
});

Deno.test("chatDialect beats in whole seconds and echoes a ping", () => {
  assert.deepEqual(
    [
      heard({ type: "heartbeat", at: AT + 999 }),
      heard({ type: "heartbeat_ack", at: AT + 1000 }),
      heard({ type: "pong", timestamp: undefined }),
      heard({ type: "pong", timestamp: null }),
      heard({ type: "pong", timestamp: 12 }),
    ],
    [
      { type: "heartbeat", timestamp: AT / 1000 },
      { type: "heartbeat_ack", timestamp: AT / 1000 + 1 },
      { type: "pong" },
      { type: "pong", timestamp: null },
      { type: "pong", timestamp: 12 },
    ],
  );
});

Deno.test("chatDialect says a receipt, a gap and until when a token holds", () => {
  const ack = {
    type: "ack",
    clientMsgId: "m1",
    id: "id7",
    seq: 7,
    durability: "journal",
  } as const;
  assert.deepEqual(
    [
      heard(ack),
      heard({ type: "gap", from: 3, to: 9 }),
      heard({ type: "token_refreshed", expiresAt: AT }),
      heard({ type: "token_refreshed", expiresAt: null }),
    ],
    [
      {
        type: "ack",
        client_msg_id: "m1",
        id: "id7",
        message_id: 7,
        seq: 7,
        durability: "journal",
      },
      { type: "gap", from: 3, to: 9 },
      { type: "token_refreshed", expires_at: AT },
      { type: "token_refreshed", expires_at: null },
    ],
  );
});

Deno.test("chatDialect says refusals in one shape, a mute among them", () => {
  assert.deepEqual(
    [
      heard({ type: "error", code: "message_empty", clientMsgId: "m1" }),
      heard({ type: "error", code: "rate_limited", retryAfterMs: 1001 }),
      heard({ type: "you_are_muted", until: null }),
      heard({ type: "you_are_muted", until: AT, clientMsgId: "m1" }),
      heard({ type: "you_are_kicked", code: "user_kicked" }),
    ],
    [
      {
        type: "error",
        code: "message_empty",
        message: "消息内容不能为空",
        client_msg_id: "m1",
      },
      {
        type: "error",
        code: "rate_limited",
        message: "发送过于频繁，请2秒后再试",
        retry_after_ms: 1001,
      },
      {
        type: "error",
        code: "user_muted",
        message: "You are muted in this room",
        until: null,
      },
      {
        type: "error",
        code: "user_muted",
        message: "You are muted in this room",
        client_msg_id: "m1",
        until: AT,
      },
      { type: "you_are_kicked" },
    ],
  );
});

Deno.test("chatDialect has words for every error", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { message } = heard({ type: "error", code });
    assert.equal(message, ERRORS[code].text);
  }
});

Deno.test("chatDialect gives a message back as it was said, in one line", () => {
  const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 })
    .filter((text) => text.trim() !== "" && !text.includes("\0"));
  fc.assert(fc.property(words, words, (content, name) => {
    const decoded = dialect.decode(JSON.stringify({
      content,
      message_type: "file",
      file_url: "/tools/uploads/r/a",
      file_name: name,
    }));
    assert(decoded.ok && decoded.command?.type === "chat");
    const { type: _, ...said } = decoded.command;
    const entry = message(7, "ann", said);
    const text = dialect.encode({ type: "entry", entry }) ?? "\n";
    assert.doesNotMatch(text, /[\n\r]/);
    const { message: shown } = JSON.parse(text);
    assert.equal(shown.content, content.trim().toWellFormed());
    assert.equal(shown.file_name, name.toWellFormed());
    assert.equal(shown.message_type, "file");
    assert.equal(shown.file_url, "/tools/uploads/r/a");
  }));
});

Deno.test("chatDialect has the name of its endpoint", () => {
  assert.equal(dialect.name, "chat");
});

Deno.test("chatDialect has no word for what only live rooms say", () => {
  for (const event of LIVE_EVENTS) {
    assert.equal(dialect.encode(event, "u1"), null, event.type);
  }
});
