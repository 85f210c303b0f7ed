// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import type { ClientCommand } from "../../src/wire/command.ts";
import type { Decoded } from "../../src/wire/dialect.ts";
import { roomsDecoder } from "../../src/wire/rooms_decode.ts";

const decode = roomsDecoder({ contentCharsMax: 4096, userIdCharsMax: 128 });

function decoded(type: string, payload?: unknown): Decoded {
  return decode(JSON.stringify({ type, payload }));
}

function accepted(type: string, payload?: unknown): ClientCommand {
  const result = decoded(type, payload);
  assert(result.ok && result.command, `${type} was refused`);
  return result.command;
}

/** The code that each text is refused with. */
function codes(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const result = decode(text);
    return result.ok ? `took ${text}` : result.code;
  });
}

function refused(type: string, payload?: unknown) {
  const result = decoded(type, payload);
  assert(!result.ok, `${type} ${JSON.stringify(payload)} was taken`);
  return result;
}

Deno.test("roomsDecoder understands SendMessage", () => {
  assert.deepEqual(accepted("SendMessage", { content: "你好" }), {
    type: "chat",
    content: "你好",
  });
  const named = { content: "hi", client_msg_id: "m1" };
  assert.deepEqual(accepted("SendMessage", named), {
    type: "chat",
    content: "hi",
    clientMsgId: "m1",
  });
});

Deno.test("roomsDecoder understands the seed's admin frames", () => {
  assert.deepEqual(accepted("KickUser", { user_id: "bob" }), {
    type: "kick",
    userId: "bob",
  });
  assert.deepEqual(accepted("MuteUser", { user_id: "bob" }), {
    type: "mute",
    userId: "bob",
  });
  const event = { event_type: "red_packet", payload: { sum: [1, null] } };
  assert.deepEqual(accepted("CustomEvent", event), {
    type: "custom_event",
    eventType: "red_packet",
    payload: { sum: [1, null] },
  });
});

Deno.test("roomsDecoder understands the admin frames beyond the seed", () => {
  const bob = { user_id: "bob" };
  const forAnHour = { user_id: "bob", duration_secs: 3600 };
  assert.deepEqual(
    [
      accepted("UnmuteUser", bob),
      accepted("BanUser", bob),
      accepted("BanUser", forAnHour),
      accepted("MuteUser", forAnHour),
      accepted("UnbanUser", bob),
      accepted("DeleteMessage", { seq: 7 }),
    ],
    [
      { type: "unmute", userId: "bob" },
      { type: "ban", userId: "bob" },
      { type: "ban", userId: "bob", durationSecs: 3600 },
      { type: "mute", userId: "bob", durationSecs: 3600 },
      { type: "unban", userId: "bob" },
      { type: "delete_message", seq: 7 },
    ],
  );
});

Deno.test("roomsDecoder understands Ping with, without and with an empty payload", () => {
  assert.deepEqual(accepted("Ping", { timestamp: 12 }), {
    type: "ping",
    timestamp: 12,
  });
  assert.deepEqual(accepted("Ping", { timestamp: null }), {
    type: "ping",
    timestamp: null,
  });
  for (const text of ['{"type":"Ping"}', '{"type":"Ping","payload":null}']) {
    assert.deepEqual(decode(text), {
      ok: true,
      command: { type: "ping", timestamp: undefined },
    });
  }
});

Deno.test("roomsDecoder understands History with a range and without", () => {
  assert.deepEqual(
    [
      accepted("History"),
      accepted("History", { before_seq: 9, limit: 200 }),
      accepted("History", { after_seq: 0, limit: 1 }),
    ],
    [
      { type: "history", limit: 50 },
      { type: "history", limit: 200, beforeSeq: 9 },
      { type: "history", limit: 1, afterSeq: 0 },
    ],
  );
});

Deno.test("roomsDecoder understands RefreshToken", () => {
  assert.deepEqual(accepted("RefreshToken", { token: "a.b.c" }), {
    type: "refresh_token",
    token: "a.b.c",
  });
});

Deno.test("roomsDecoder takes null for a field that may be absent", () => {
  const message = { content: "hi", client_msg_id: null };
  assert.deepEqual(accepted("SendMessage", message), {
    type: "chat",
    content: "hi",
  });
  assert.deepEqual(accepted("BanUser", { user_id: "b", duration_secs: null }), {
    type: "ban",
    userId: "b",
  });
  const range = { before_seq: null, after_seq: null, limit: null };
  assert.deepEqual(accepted("History", range), { type: "history", limit: 50 });
  assert.deepEqual(accepted("CustomEvent", { event_type: "e" }), {
    type: "custom_event",
    eventType: "e",
    payload: null,
  });
});

Deno.test("roomsDecoder ignores fields that it does not know", () => {
  assert.deepEqual(
    decode('{"type":"SendMessage","at":1,"payload":{"content":"a","to":"b"}}'),
    { ok: true, command: { type: "chat", content: "a" } },
  );
});

Deno.test("roomsDecoder takes content of 4096 characters, whatever their planes", () => {
  for (const one of ["a", "字", "😀"]) {
    accepted("SendMessage", { content: one.repeat(4095) });
    accepted("SendMessage", { content: one.repeat(4096) });
    const { message } = refused("SendMessage", { content: one.repeat(4097) });
    assert.equal(
      message,
      "Invalid payload.content: want at most 4096 characters",
    );
  }
});

Deno.test("roomsDecoder replaces lone surrogates", () => {
  assert.deepEqual(
    decode(
      '{"type":"SendMessage","payload":{"content":"a\\ud800","client_msg_id":"\\udfff"}}',
    ),
    {
      ok: true,
      command: { type: "chat", content: "a\ufffd", clientMsgId: "\ufffd" },
    },
  );
  assert.deepEqual(accepted("KickUser", { user_id: "\ud83d" }), {
    type: "kick",
    userId: "\ufffd",
  });
});

Deno.test("roomsDecoder refuses what is not a JSON object", () => {
  const texts = ["", "{", "hello", "[]", '[{"type":"Ping"}]', "1", "null"];
  texts.push('"Ping"', "true", '{"type":"Ping"}x', "\u0000");
  assert.deepEqual(codes(texts), texts.map(() => "bad_json"));
});

Deno.test("roomsDecoder refuses types that only a server may send", () => {
  const types = [
    "UserJoined",
    "UserLeft",
    "Message",
    "WelcomeInfo",
    "RoomStats",
    "YouAreKicked",
    "YouAreMuted",
    "UserMuted",
    "System",
    "Error",
    "Pong",
    "Ack",
    "Gap",
  ];
  const payload = { user_id: "bob", nickname: "Bob", message: "m" };
  const texts = types.map((type) => JSON.stringify({ type, payload }));
  assert.deepEqual(codes(texts), types.map(() => "unknown_type"));
});

Deno.test("roomsDecoder refuses a type that is unknown, missing or no text", () => {
  const texts = [
    "{}",
    '{"payload":{}}',
    '{"type":"ping"}',
    '{"type":" Ping"}',
    '{"type":1}',
    '{"type":null}',
    '{"type":["Ping"]}',
    '{"type":"__proto__"}',
    '{"type":"constructor"}',
    '{"type":"toString"}',
    '{"type":"hasOwnProperty","payload":{}}',
  ];
  assert.deepEqual(codes(texts), texts.map(() => "unknown_type"));
});

Deno.test("roomsDecoder refuses fields of a wrong type and fields left out", () => {
  const wrong: [string, unknown, string][] = [
    ["SendMessage", undefined, "payload.content"],
    ["SendMessage", {}, "payload.content"],
    ["SendMessage", { content: 1 }, "payload.content"],
    ["SendMessage", { content: "" }, "payload.content"],
    ["SendMessage", { content: ["a"] }, "payload.content"],
    [
      "SendMessage",
      { content: "a", client_msg_id: 1 },
      "payload.client_msg_id",
    ],
    [
      "SendMessage",
      { content: "a", client_msg_id: "" },
      "payload.client_msg_id",
    ],
    ["SendMessage", "hi", "payload"],
    ["SendMessage", ["hi"], "payload"],
    ["SendMessage", 0, "payload"],
    ["SendMessage", false, "payload"],
    ["KickUser", {}, "payload.user_id"],
    ["KickUser", { user_id: 7 }, "payload.user_id"],
    ["KickUser", { user_id: "" }, "payload.user_id"],
    ["KickUser", { user_id: "x".repeat(129) }, "payload.user_id"],
    ["MuteUser", { user_id: "b", duration_secs: 0 }, "payload.duration_secs"],
    ["MuteUser", { user_id: "b", duration_secs: -1 }, "payload.duration_secs"],
    ["MuteUser", { user_id: "b", duration_secs: 1.5 }, "payload.duration_secs"],
    ["BanUser", { user_id: "b", duration_secs: "9" }, "payload.duration_secs"],
    [
      "BanUser",
      { user_id: "b", duration_secs: 1e300 },
      "payload.duration_secs",
    ],
    ["UnbanUser", { user_id: null }, "payload.user_id"],
    ["UnmuteUser", undefined, "payload.user_id"],
    ["CustomEvent", { payload: 1 }, "payload.event_type"],
    ["CustomEvent", { event_type: "" }, "payload.event_type"],
    ["CustomEvent", { event_type: "x".repeat(129) }, "payload.event_type"],
    ["DeleteMessage", {}, "payload.seq"],
    ["DeleteMessage", { seq: 0 }, "payload.seq"],
    ["DeleteMessage", { seq: "1" }, "payload.seq"],
    ["DeleteMessage", { seq: 2 ** 53 }, "payload.seq"],
    ["Ping", { timestamp: "12" }, "payload.timestamp"],
    ["Ping", 12, "payload"],
    ["History", { limit: 0 }, "payload.limit"],
    ["History", { limit: 201 }, "payload.limit"],
    ["History", { before_seq: 0 }, "payload.before_seq"],
    ["History", { after_seq: -1 }, "payload.after_seq"],
    ["History", { before_seq: 1, after_seq: 1 }, "payload"],
    ["RefreshToken", { token: "" }, "payload.token"],
    ["RefreshToken", { token: "x".repeat(8193) }, "payload.token"],
  ];
  for (const [type, payload, field] of wrong) {
    const { code, message = "" } = refused(type, payload);
    assert.equal(code, "bad_request");
    assert.equal(message.split(":")[0], `Invalid ${field}`, type);
  }
});

Deno.test("roomsDecoder takes the longest user id, event type and penalty", () => {
  accepted("KickUser", { user_id: "x".repeat(128) });
  accepted("CustomEvent", { event_type: "x".repeat(128), payload: 1 });
  accepted("BanUser", { user_id: "b", duration_secs: 315_360_000 });
  refused("BanUser", { user_id: "b", duration_secs: 315_360_001 });
});

Deno.test("roomsDecoder gives the sender's own id back with a refusal", () => {
  const { clientMsgId } = refused("SendMessage", { client_msg_id: "m1" });
  assert.equal(clientMsgId, "m1");
  const astral = "😀".repeat(128);
  assert.equal(
    refused("SendMessage", { content: "", client_msg_id: astral }).clientMsgId,
    astral,
  );
});

Deno.test("roomsDecoder gives no id back that is too long or no text", () => {
  for (const id of ["x".repeat(129), 1, null, {}]) {
    const result = refused("SendMessage", { client_msg_id: id });
    assert(!("clientMsgId" in result));
  }
  assert(!("clientMsgId" in refused("SendMessage", "hi")));
});

Deno.test("roomsDecoder survives JSON that nests 10,000 deep", () => {
  const arrays = "[".repeat(10_000) + "]".repeat(10_000);
  const objects = '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000);
  const texts = [
    arrays,
    `{"type":${arrays}}`,
    `{"type":"Ping","payload":${arrays}}`,
    `{"type":"SendMessage","payload":{"content":${arrays}}}`,
    `{"type":"CustomEvent","payload":{"event_type":"e","payload":${arrays}}}`,
    `{"type":"CustomEvent","payload":{"event_type":"e","payload":${objects}}}`,
  ];
  assert.deepEqual(codes(texts), [
    "bad_json",
    "unknown_type",
    "bad_request",
    "bad_request",
    "bad_request",
    "bad_request",
  ]);
});

Deno.test("roomsDecoder takes a custom payload of 64 levels and refuses more", () => {
  function nested(depth: number): unknown {
    return JSON.parse("[".repeat(depth) + "]".repeat(depth));
  }
  accepted("CustomEvent", { event_type: "e", payload: nested(63) });
  accepted("CustomEvent", { event_type: "e", payload: nested(64) });
  const { message } = refused("CustomEvent", {
    event_type: "e",
    payload: nested(65),
  });
  assert.equal(message, "Invalid payload.payload: nests deeper than 64");
});

Deno.test("roomsDecoder lets no key reach a prototype", () => {
  const hostile = decode(
    '{"type":"SendMessage","__proto__":{"a":1},"payload":' +
      '{"content":"hi","__proto__":{"client_msg_id":"m"},"constructor":{}}}',
  );
  assert.deepEqual(hostile, {
    ok: true,
    command: { type: "chat", content: "hi" },
  });
  const inherited =
    '{"type":"KickUser","payload":{"__proto__":{"user_id":"b"}}}';
  assert.deepEqual(codes([inherited]), ["bad_request"]);
  assert.equal(Object.hasOwn(Object.prototype, "a"), false);
});

Deno.test("roomsDecoder passes a custom payload on with every key it has", () => {
  const payload = '{"__proto__":{"x":1},"constructor":2}';
  const result = decode(
    `{"type":"CustomEvent","payload":{"event_type":"e","payload":${payload}}}`,
  );
  assert(result.ok && result.command?.type === "custom_event");
  assert.equal(JSON.stringify(result.command.payload), payload);
});

Deno.test("roomsDecoder keeps falsy custom payloads", () => {
  for (const payload of [0, false, "", []]) {
    const command = accepted("CustomEvent", { event_type: "e", payload });
    assert(command.type === "custom_event");
    assert.deepEqual(command.payload, payload);
  }
});
