// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  ackFrame,
  assignedFrame,
  CONNECTED,
  errorFrame,
  mutedFrame,
  roomInfoFrame,
} from "../../src/wire/device_frames.ts";
import { ChatError, type ErrorCode, ERRORS } from "../../src/wire/errors.ts";
import { type Refusal, refusalOf, type Welcome } from "../../src/wire/event.ts";

/** A frame as a client parses it. */
function heard(frame: object): unknown {
  return JSON.parse(JSON.stringify(frame));
}

const WELCOME: Welcome = {
  type: "welcome",
  roomId: "ABC12345",
  user: { userId: "d1", nickname: "sensor" },
  isMuted: false,
  sessionId: "s1",
  epoch: "e1",
  lastSeq: 9,
  recovered: true,
};

const PLACED = {
  type: "assigned",
  roomId: "ABC12345",
  status: "reconnected",
} as const;

Deno.test("CONNECTED is the seed's greeting", () => {
  assert.equal(
    JSON.stringify(CONNECTED),
    '{"type":"connection","message":"Connected successfully"}',
  );
});

Deno.test("assignedFrame says the room as the seed does", () => {
  const bare = { hasEnvelope: false };
  for (const event of [PLACED, { ...PLACED, welcome: WELCOME }]) {
    assert.equal(
      JSON.stringify(assignedFrame(event, bare)),
      '{"type":"room","room_id":"ABC12345","status":"reconnected",' +
        '"message":"reconnected: joined room ABC12345"}',
    );
  }
});

Deno.test("assignedFrame says which room has ended", () => {
  const event = { ...PLACED, endedRoomId: "OLD00000" };
  const { message } = assignedFrame(event, { hasEnvelope: false });
  assert.equal(
    message,
    "reconnected: joined room ABC12345; room OLD00000 has ended",
  );
});

Deno.test("assignedFrame says in the envelope by what a client resumes", () => {
  const frame = {
    type: "room",
    room_id: "ABC12345",
    status: "reconnected",
    message: "reconnected: joined room ABC12345",
  };
  const options = { hasEnvelope: true };
  const event = { ...PLACED, welcome: WELCOME };
  assert.deepEqual(heard(assignedFrame(event, options)), {
    ...frame,
    session_id: "s1",
    epoch: "e1",
    last_seq: 9,
    recovered: true,
  });
  assert.deepEqual(heard(assignedFrame(PLACED, options)), frame);
});

Deno.test("roomInfoFrame names the others and counts everyone", () => {
  const info = {
    type: "room_info",
    roomId: "ABC123",
    totalClients: 3,
    clients: [
      { userId: "device_456", nickname: "desktop_user" },
      { userId: "device_789", nickname: "sensor" },
    ],
  } as const;
  assert.equal(
    JSON.stringify(roomInfoFrame(info)),
    '{"type":"room_info","room_id":"ABC123","total_clients":3,"clients":[' +
      '{"device_id":"device_456","identity":"desktop_user"},' +
      '{"device_id":"device_789","identity":"sensor"}]}',
  );
});

Deno.test("ackFrame is the receipt of a named message", () => {
  const ack = {
    type: "ack",
    clientMsgId: "m1",
    id: "id7",
    seq: 7,
    durability: "journal",
  } as const;
  assert.deepEqual(heard(ackFrame(ack)), {
    type: "ack",
    client_msg_id: "m1",
    id: "id7",
    seq: 7,
    durability: "journal",
  });
});

Deno.test("errorFrame says the seed's text, and a code beside it", () => {
  const code = "identity_missing";
  assert.equal(
    JSON.stringify(errorFrame({ type: "error", code })),
    '{"type":"error","message":"Missing identity field",' +
      '"code":"identity_missing"}',
  );
  const message = "Room X does not exist";
  assert.equal(
    errorFrame({ type: "error", code: "room_not_found", message }).message,
    message,
  );
});

/** The text that a device reads. */
function textOf(refusal: Omit<Refusal, "type">): unknown {
  return errorFrame({ type: "error", ...refusal }).message;
}

Deno.test("errorFrame speaks English where the table does not", () => {
  const texts: Partial<Record<ErrorCode, string>> = {
    login_required: "Log in first",
    room_ended: "This room has ended",
    too_many_connections: "The server holds as many connections as it may",
    user_banned: "You are banned from this room",
    user_kicked: "You were put out of this room for good",
  };
  for (const [name, text] of Object.entries(texts)) {
    const code = name as ErrorCode;
    assert.equal(textOf({ code }), text);
    assert.equal(textOf(refusalOf(new ChatError(code))), text);
    const message = "请";
    assert.equal(textOf({ code, message }), message);
  }
  assert.equal(textOf({ code: "busy" }), "The room is busy");
});

/** Said of chats, links, files and live rooms; a device has none of them. */
const UNHEARD: readonly string[] = [
  "message_empty",
  "delete_too_late",
  "link_pending",
  "number_invalid",
  "file_refused",
  "not_participant",
  "not_author",
  "link_not_found",
  "file_too_large",
  "live_id_missing",
  "live_status_unknown",
  "live_ended",
  "live_abnormal",
];

Deno.test("errorFrame tells devices nothing in Chinese", () => {
  for (const name of Object.keys(ERRORS)) {
    const code = name as ErrorCode;
    const isEnglish = /^[\x20-\x7e]+$/.test(`${textOf({ code })}`);
    assert.equal(isEnglish, !UNHEARD.includes(code), code);
  }
});

Deno.test("errorFrame says how long one who is too fast waits", () => {
  const code = "rate_limited";
  for (const [retryAfterMs, secs] of [[1, 1], [1000, 1], [1001, 2]] as const) {
    const text = `Too many messages: try again in ${secs} s`;
    assert.equal(textOf({ code, retryAfterMs }), text);
    assert.equal(
      textOf(refusalOf(new ChatError(code, { retryAfterMs }))),
      text,
    );
  }
  assert.equal(textOf({ code }), "Too many messages");
  const message = "Too many bytes";
  assert.equal(textOf({ code, message, retryAfterMs: 1 }), message);
});

Deno.test("errorFrame says when to try again, and which message it was", () => {
  const refusal = {
    type: "error",
    code: "busy",
    retryAfterMs: 1000,
    clientMsgId: "m1",
  } as const;
  assert.deepEqual(heard(errorFrame(refusal)), {
    type: "error",
    message: "The room is busy",
    code: "busy",
    retry_after_ms: 1000,
    client_msg_id: "m1",
  });
});

Deno.test("mutedFrame is an error with its end", () => {
  assert.deepEqual(heard(mutedFrame({ type: "you_are_muted", until: null })), {
    type: "error",
    message: "You are muted in this room",
    code: "user_muted",
    until: null,
  });
  const named = { type: "you_are_muted", until: 5, clientMsgId: "m" } as const;
  assert.deepEqual(heard(mutedFrame(named)), {
    type: "error",
    message: "You are muted in this room",
    code: "user_muted",
    client_msg_id: "m",
    until: 5,
  });
});
