// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { ClientCommand, Notice } from "../../src/wire/command.ts";
import { chatDecoder } from "../../src/wire/chat_decode.ts";
import type { Decoded } from "../../src/wire/dialect.ts";

const FRAME_BYTES_MAX = 16_384;

const decode = chatDecoder({
  contentCharsMax: 4096,
  userIdCharsMax: 128,
  frameBytesMax: FRAME_BYTES_MAX,
});

function decoded(frame: unknown): Decoded {
  return decode(JSON.stringify(frame));
}

/** The command of a frame that is understood. */
function accepted(frame: unknown): ClientCommand | null {
  const result = decoded(frame);
  assert(result.ok, `${JSON.stringify(frame)} was refused`);
  return result.command;
}

function notice(frame: unknown): Notice {
  const command = accepted(frame);
  assert(command?.type === "notice");
  return command.notice;
}

function refused(frame: unknown) {
  const result = decoded(frame);
  assert(!result.ok, `${JSON.stringify(frame)} was taken`);
  return result;
}

/** The code that each text is refused with. */
function codes(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const result = decode(text);
    return result.ok ? `took ${text}` : result.code;
  });
}

function hexOf(text: string | Uint8Array): string {
  return new Uint8Array(gzipSync(text)).toHex();
}

Deno.test("chatDecoder understands message as the seed's page sends it", () => {
  const frame = {
    type: "message",
    content: " 你好 \n",
    message_type: "text",
    file_url: "",
  };
  assert.deepEqual(accepted(frame), { type: "chat", content: "你好" });
});

Deno.test("chatDecoder takes a frame without a type for a message", () => {
  assert.deepEqual(accepted({ content: "hi" }), {
    type: "chat",
    content: "hi",
  });
});

Deno.test("chatDecoder takes all fields of seed 1's message, and the sender's id", () => {
  const frame = {
    type: "message",
    content: "look",
    client_msg_id: "m1",
    message_type: "image",
    file_url: "https://cdn.example/a.png",
    file_name: "a.png",
    sender_type: "device",
  };
  assert.deepEqual(accepted(frame), {
    type: "chat",
    content: "look",
    clientMsgId: "m1",
    messageType: "image",
    fileUrl: "https://cdn.example/a.png",
    fileName: "a.png",
    senderType: "device",
  });
});

Deno.test("chatDecoder takes each kind of message, and leaves out what is usual", () => {
  for (const kind of ["image", "file", "emoji", "video", "audio", "voice"]) {
    const command = accepted({ content: "a", message_type: kind });
    assert(command?.type === "chat");
    assert.equal(command.messageType, kind);
  }
  const usual = { message_type: "text", sender_type: "user", file_name: "" };
  const none = { message_type: null, sender_type: null, file_name: null };
  for (const fields of [usual, none, { sender_type: "", file_url: null }]) {
    assert.deepEqual(
      accepted({ content: "a", client_msg_id: null, ...fields }),
      {
        type: "chat",
        content: "a",
      },
    );
  }
});

Deno.test("chatDecoder passes over a message that says nothing", () => {
  const empty = [
    {},
    { type: "message" },
    { type: "message", content: "" },
    { type: "message", content: " \n\t\u3000 " },
    { type: "message", content: null, file_url: "" },
  ];
  for (const frame of empty) assert.equal(accepted(frame), null);
});

Deno.test("chatDecoder refuses a message that says nothing and wants a receipt", () => {
  assert.deepEqual(refused({ content: " ", client_msg_id: "m1" }), {
    ok: false,
    code: "message_empty",
    clientMsgId: "m1",
  });
});

Deno.test("chatDecoder takes a file with no words", () => {
  const frame = { message_type: "image", file_url: "/tools/uploads/r/a.png" };
  assert.deepEqual(accepted(frame), {
    type: "chat",
    content: "",
    messageType: "image",
    fileUrl: "/tools/uploads/r/a.png",
  });
});

Deno.test("chatDecoder takes content of 4096 characters after trimming, and no more", () => {
  for (const one of ["a", "字", "😀"]) {
    accepted({ content: ` ${one.repeat(4096)} ` });
    const { code, message } = refused({ content: one.repeat(4097) });
    assert.equal(code, "bad_request");
    assert.equal(message, "Invalid content: want at most 4096 characters");
  }
});

Deno.test("chatDecoder understands typing, and takes no word for no", () => {
  assert.deepEqual(notice({ type: "typing", is_typing: true }), {
    type: "typing",
    isTyping: true,
  });
  for (const is_typing of [false, null, undefined]) {
    assert.deepEqual(notice({ type: "typing", is_typing }), {
      type: "typing",
      isTyping: false,
    });
  }
});

Deno.test("chatDecoder understands read_status with numbers as numbers or text", () => {
  const ids = [3, "4", 3, "3", 9_007_199_254_740_991];
  assert.deepEqual(accepted({ type: "read_status", message_ids: ids }), {
    type: "read",
    seqs: [3, 4, 9_007_199_254_740_991],
  });
});

Deno.test("chatDecoder passes over read_status of no message", () => {
  for (const message_ids of [[], null, undefined]) {
    assert.equal(accepted({ type: "read_status", message_ids }), null);
  }
});

Deno.test("chatDecoder takes 500 read marks, and no more", () => {
  const ids = Array.from({ length: 501 }, (_, index) => index + 1);
  for (const count of [499, 500]) {
    const frame = { type: "read_status", message_ids: ids.slice(0, count) };
    const command = accepted(frame);
    assert(command?.type === "read");
    assert.equal(command.seqs.length, count);
  }
  refused({ type: "read_status", message_ids: ids });
});

Deno.test("chatDecoder understands online_status, which is online when it says nothing", () => {
  for (const status of ["online", "busy", "away", "offline"]) {
    assert.deepEqual(accepted({ type: "online_status", status }), {
      type: "set_status",
      status,
    });
  }
  assert.deepEqual(accepted({ type: "online_status" }), {
    type: "set_status",
    status: "online",
  });
});

Deno.test("chatDecoder understands both heartbeats as signs of life", () => {
  for (const type of ["heartbeat", "heartbeat_ack"]) {
    assert.deepEqual(accepted({ type }), { type: "heartbeat" });
  }
});

Deno.test("chatDecoder understands ping with and without a timestamp", () => {
  assert.deepEqual(accepted({ type: "ping" }), {
    type: "ping",
    timestamp: undefined,
  });
  assert.deepEqual(accepted({ type: "ping", timestamp: 12.5 }), {
    type: "ping",
    timestamp: 12.5,
  });
});

Deno.test("chatDecoder understands an invitation to a call, and has its words", () => {
  assert.deepEqual(notice({ type: "video_call_invite" }), {
    type: "call_invite",
    message: "邀请您进行视频通话",
  });
  const own = { room_id: "call-1", message: " come " };
  assert.deepEqual(notice({ type: "video_call_invite", ...own }), {
    type: "call_invite",
    message: "come",
    callRoomId: "call-1",
  });
});

Deno.test("chatDecoder understands what became of a call", () => {
  for (const status of ["joined", "declined", "left", "expired"]) {
    const frame = { type: "video_call_status", status, message_id: 7 };
    assert.deepEqual(notice({ ...frame, video_room_id: "call-1" }), {
      type: "call_status",
      status,
      messageId: 7,
      callRoomId: "call-1",
    });
  }
  assert.deepEqual(notice({ type: "video_call_status", status: "left" }), {
    type: "call_status",
    status: "left",
    messageId: null,
    callRoomId: null,
  });
});

Deno.test("chatDecoder understands new_message with any name of a message", () => {
  for (const message_id of [7, "7", "m-1"]) {
    assert.deepEqual(notice({ type: "new_message", message_id }), {
      type: "posted",
      messageId: message_id,
    });
  }
});

Deno.test("chatDecoder understands history and refresh_token", () => {
  assert.deepEqual(
    [
      accepted({ type: "history" }),
      accepted({ type: "history", before_seq: 9, limit: 200 }),
      accepted({ type: "history", after_seq: 0, limit: 1 }),
      accepted({ type: "refresh_token", token: "a.b.c" }),
    ],
    [
      { type: "history", limit: 50 },
      { type: "history", limit: 200, beforeSeq: 9 },
      { type: "history", limit: 1, afterSeq: 0 },
      { type: "refresh_token", token: "a.b.c" },
    ],
  );
});

Deno.test("chatDecoder opens an envelope of gzip in hex, and one that is open", () => {
  const frame = { type: "message", content: "你好" };
  const data = hexOf(JSON.stringify(frame));
  const expected = { type: "chat", content: "你好" };
  assert.deepEqual(accepted({ compressed: true, data }), expected);
  assert.deepEqual(
    accepted({ compressed: true, data: data.toUpperCase() }),
    expected,
  );
  assert.deepEqual(accepted({ compressed: false, data: frame }), expected);
});

Deno.test("chatDecoder opens an envelope of as many bytes as a frame may have", () => {
  const head = '{"type":"ping","pad":"';
  for (const size of [FRAME_BYTES_MAX - 1, FRAME_BYTES_MAX]) {
    const text = head + "x".repeat(size - head.length - 2) + '"}';
    assert.equal(text.length, size);
    accepted({ compressed: true, data: hexOf(text) });
  }
  const text = head + "x".repeat(FRAME_BYTES_MAX - head.length - 1) + '"}';
  assert.equal(text.length, FRAME_BYTES_MAX + 1);
  const { code } = refused({ compressed: true, data: hexOf(text) });
  assert.equal(code, "bad_request");
});

Deno.test("chatDecoder refuses envelopes that hold no frame", () => {
  const ping = { type: "ping" };
  const inner = { compressed: false, data: ping };
  const twice = { compressed: true, data: hexOf(JSON.stringify(ping)) };
  const wrong: unknown[] = [
    { compressed: true },
    { compressed: true, data: 1 },
    { compressed: true, data: "" },
    { compressed: true, data: "abc" },
    { compressed: true, data: "zz" },
    { compressed: true, data: "00ff" },
    { compressed: true, data: ping },
    { compressed: true, data: hexOf("not json") },
    { compressed: true, data: hexOf("[1]") },
    { compressed: true, data: hexOf(new Uint8Array([0x22, 0xff, 0x22])) },
    { compressed: true, data: hexOf(JSON.stringify(ping)).slice(0, -20) },
    { compressed: true, data: hexOf(JSON.stringify(twice)) },
    { compressed: false },
    { compressed: false, data: "{}" },
    { compressed: false, data: [ping] },
    { compressed: false, data: inner },
  ];
  for (const frame of wrong) {
    const { code, message = "" } = refused(frame);
    assert.equal(code, "bad_request", JSON.stringify(frame));
    assert.match(message, /^Invalid data: /);
  }
});

Deno.test("chatDecoder unpacks a bomb no further than a frame's bound", () => {
  const bomb = hexOf(new Uint8Array(7_000_000));
  assert(bomb.length < FRAME_BYTES_MAX);
  const { code } = refused({ compressed: true, data: bomb });
  assert.equal(code, "bad_request");
});

Deno.test("chatDecoder takes a frame with a type for what its type says", () => {
  assert.deepEqual(accepted({ type: "ping", compressed: true, data: "zz" }), {
    type: "ping",
    timestamp: undefined,
  });
});

Deno.test("chatDecoder refuses what is not a JSON object", () => {
  const texts = ["", "{", "hello", "[]", '[{"type":"ping"}]', "1", "null"];
  texts.push('"ping"', "true", '{"type":"ping"}x', "\u0000");
  assert.deepEqual(codes(texts), texts.map(() => "bad_json"));
});

Deno.test("chatDecoder refuses types that it does not know, a server's own among them", () => {
  const types: unknown[] = [
    "chat_message",
    "connection_established",
    "user_joined",
    "user_left",
    "user_typing",
    "read_status_update",
    "room_ended",
    "error",
    "ack",
    "Message",
    "SendMessage",
    " message",
    "__proto__",
    "constructor",
    "toString",
    "",
    1,
    null,
    ["message"],
    {},
  ];
  const texts = types.map((type) => JSON.stringify({ type, content: "hi" }));
  assert.deepEqual(codes(texts), types.map(() => "unknown_type"));
});

Deno.test("chatDecoder refuses fields of a wrong type, and names the first", () => {
  const wrong: [Record<string, unknown>, string][] = [
    [{ content: 1 }, "content"],
    [{ content: ["a"] }, "content"],
    [{ content: { toString: "a" } }, "content"],
    [{ content: "a\0b" }, "content"],
    [{ content: "a", client_msg_id: 1 }, "client_msg_id"],
    [{ content: "a", client_msg_id: "" }, "client_msg_id"],
    [{ content: "a", client_msg_id: "x".repeat(129) }, "client_msg_id"],
    [{ content: "a", message_type: "system" }, "message_type"],
    [{ content: "a", message_type: "" }, "message_type"],
    [{ content: "a", message_type: 1 }, "message_type"],
    [{ content: "a", file_url: 1 }, "file_url"],
    [{ content: "a", file_url: "javascript:alert(1)" }, "file_url"],
    [{ content: "a", file_name: "x".repeat(256) }, "file_name"],
    [{ content: "a", file_name: 1 }, "file_name"],
    [{ content: "a", sender_type: "x".repeat(33) }, "sender_type"],
    [{ content: "a", sender_type: {} }, "sender_type"],
    [{ type: "typing", is_typing: "yes" }, "is_typing"],
    [{ type: "typing", is_typing: 1 }, "is_typing"],
    [{ type: "read_status", message_ids: 3 }, "message_ids"],
    [{ type: "read_status", message_ids: "3" }, "message_ids"],
    [{ type: "read_status", message_ids: { 0: 1 } }, "message_ids"],
    [{ type: "read_status", message_ids: [0] }, "message_ids.0"],
    [{ type: "read_status", message_ids: [1, -1] }, "message_ids.1"],
    [{ type: "read_status", message_ids: [1.5] }, "message_ids.0"],
    [{ type: "read_status", message_ids: ["1e3"] }, "message_ids.0"],
    [{ type: "read_status", message_ids: ["01"] }, "message_ids.0"],
    [{ type: "read_status", message_ids: [""] }, "message_ids.0"],
    [{ type: "read_status", message_ids: [null] }, "message_ids.0"],
    [{ type: "read_status", message_ids: [2 ** 53] }, "message_ids.0"],
    [
      { type: "read_status", message_ids: ["9007199254740992"] },
      "message_ids.0",
    ],
    [{ type: "online_status", status: "asleep" }, "status"],
    [{ type: "online_status", status: 1 }, "status"],
    [{ type: "ping", timestamp: "12" }, "timestamp"],
    [{ type: "video_call_invite", message: 1 }, "message"],
    [{ type: "video_call_invite", room_id: 7 }, "room_id"],
    [{ type: "video_call_invite", room_id: "x".repeat(129) }, "room_id"],
    [{ type: "video_call_status" }, "status"],
    [{ type: "video_call_status", status: "ringing" }, "status"],
    [
      { type: "video_call_status", status: "left", message_id: {} },
      "message_id",
    ],
    [
      { type: "video_call_status", status: "left", video_room_id: 7 },
      "video_room_id",
    ],
    [{ type: "new_message" }, "message_id"],
    [{ type: "new_message", message_id: null }, "message_id"],
    [{ type: "new_message", message_id: "" }, "message_id"],
    [{ type: "new_message", message_id: "x".repeat(129) }, "message_id"],
    [{ type: "history", limit: 0 }, "limit"],
    [{ type: "history", limit: 201 }, "limit"],
    [{ type: "history", before_seq: 1, after_seq: 1 }, "frame"],
    [{ type: "refresh_token", token: "" }, "token"],
  ];
  for (const [frame, field] of wrong) {
    const { code, message = "" } = refused(frame);
    assert.equal(code, "bad_request", JSON.stringify(frame));
    assert.equal(message.split(":")[0], `Invalid ${field}`);
  }
});

Deno.test("chatDecoder gives the sender's own id back with a refusal", () => {
  const { clientMsgId } = refused({ content: 1, client_msg_id: "m1" });
  assert.equal(clientMsgId, "m1");
  const long = refused({ content: 1, client_msg_id: "x".repeat(129) });
  assert(!("clientMsgId" in long));
});

Deno.test("chatDecoder ignores fields that it does not know", () => {
  const frame = '{"type":"message","content":"a","sender":"eve","id":1,' +
    '"__proto__":{"fileUrl":"/x"}}';
  assert.deepEqual(decode(frame), {
    ok: true,
    command: { type: "chat", content: "a" },
  });
  assert.equal(Object.getOwnPropertyDescriptor({}, "fileUrl"), undefined);
});

Deno.test("chatDecoder survives JSON that nests 10,000 deep", () => {
  const arrays = "[".repeat(10_000) + "]".repeat(10_000);
  const texts = [
    `{"type":${arrays}}`,
    `{"content":${arrays}}`,
    `{"compressed":false,"data":${arrays}}`,
    `{"type":"read_status","message_ids":${arrays}}`,
    `{"type":"new_message","message_id":${arrays}}`,
  ];
  assert.deepEqual(codes(texts), [
    "unknown_type",
    "bad_request",
    "bad_request",
    "bad_request",
    "bad_request",
  ]);
});

const TYPES = [
  "message",
  "typing",
  "read_status",
  "online_status",
  "heartbeat",
  "heartbeat_ack",
  "ping",
  "video_call_invite",
  "video_call_status",
  "new_message",
  "history",
  "refresh_token",
];

const FIELDS = [
  "content",
  "client_msg_id",
  "message_type",
  "file_url",
  "file_name",
  "sender_type",
  "is_typing",
  "message_ids",
  "status",
  "message",
  "room_id",
  "message_id",
  "video_room_id",
  "timestamp",
  "before_seq",
  "after_seq",
  "limit",
  "token",
  "compressed",
  "data",
];

/** Any frame: known and unknown types and fields, with any JSON in them. */
const frames = fc.dictionary(
  fc.constantFrom("type", ...FIELDS, "__proto__"),
  fc.oneof(fc.jsonValue(), fc.constantFrom(...TYPES), fc.integer()),
).chain((fields) =>
  fc.constantFrom(undefined, ...TYPES).map((type) =>
    type === undefined ? fields : { ...fields, type }
  )
);

/** What a decoder may answer, whatever it reads. */
function assertAnswer(result: Decoded): void {
  if (result.ok) {
    assert(result.command === null || typeof result.command.type === "string");
    return;
  }
  const known = ["bad_json", "unknown_type", "bad_request", "message_empty"];
  assert(known.includes(result.code), result.code);
}

Deno.test("chatDecoder answers any text, and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assertAnswer(decode(text));
  }));
  fc.assert(fc.property(fc.json(), (text) => assertAnswer(decode(text))));
});

Deno.test("chatDecoder answers any frame, bare and in each envelope", () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const text = JSON.stringify(frame);
      const bare = decode(text);
      assertAnswer(bare);
      assertAnswer(decoded({ compressed: false, data: frame }));
      assertAnswer(decoded({ compressed: true, data: hexOf(text) }));
      if ("compressed" in frame) return;
      assert.deepEqual(decoded({ compressed: false, data: frame }), bare);
    }),
    { numRuns: 500 },
  );
});

Deno.test("chatDecoder answers any bytes in an envelope", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assertAnswer(decoded({ compressed: true, data: bytes.toHex() }));
    assertAnswer(decoded({ compressed: true, data: hexOf(bytes) }));
  }));
});

Deno.test("chatDecoder gives any message back as it was said, but for its ends", () => {
  const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 })
    .filter((text) => text.trim() !== "" && !text.includes("\0"));
  fc.assert(fc.property(words, (content) => {
    assert.deepEqual(accepted({ type: "message", content }), {
      type: "chat",
      content: content.trim().toWellFormed(),
    });
  }));
});
