// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Decoded } from "../../src/wire/dialect.ts";
import { liveDecoder } from "../../src/wire/live_decode.ts";

const decode = liveDecoder({ contentCharsMax: 4, userIdCharsMax: 128 });

function decoded(frame: unknown): Decoded {
  return decode(JSON.stringify(frame));
}

/** Why a frame is refused. */
function refused(frame: unknown): Extract<Decoded, { ok: false }> {
  const result = decoded(frame);
  assert(!result.ok, `${JSON.stringify(frame)} was taken`);
  return result;
}

Deno.test("liveDecoder understands a viewer's message", () => {
  assert.deepEqual(decoded({ type: "chat", content: " 你好 " }), {
    ok: true,
    command: { type: "chat", content: "你好" },
  });
  const named = { type: "chat", content: "hi", client_msg_id: "m1" };
  assert.deepEqual(decoded(named), {
    ok: true,
    command: { type: "chat", content: "hi", clientMsgId: "m1" },
  });
});

Deno.test("liveDecoder understands a sign of life and a look at the log", () => {
  assert.deepEqual(
    [
      decoded({ type: "ping" }),
      decoded({ type: "ping", timestamp: 5 }),
      decoded({ type: "history" }),
      decoded({ type: "history", before_seq: 9, limit: 200 }),
      decoded({ type: "history", after_seq: 0 }),
    ],
    [
      { ok: true, command: { type: "ping", timestamp: undefined } },
      { ok: true, command: { type: "ping", timestamp: 5 } },
      { ok: true, command: { type: "history", limit: 50 } },
      { ok: true, command: { type: "history", limit: 200, beforeSeq: 9 } },
      { ok: true, command: { type: "history", limit: 50, afterSeq: 0 } },
    ],
  );
});

Deno.test("liveDecoder understands both heartbeats as signs of life", () => {
  for (const type of ["heartbeat", "heartbeat_ack"]) {
    assert.deepEqual(decoded({ type }), {
      ok: true,
      command: { type: "heartbeat" },
    });
  }
});

Deno.test("liveDecoder takes content of at most the bound", () => {
  for (const content of ["abc", "abcd", "😀😀😀😀"]) {
    assert(decoded({ type: "chat", content }).ok);
  }
  const { code, message } = refused({ type: "chat", content: "abcde" });
  assert.equal(code, "bad_request");
  assert.equal(message, "Invalid content: want at most 4 characters");
});

Deno.test("liveDecoder refuses a message that says nothing, by its name", () => {
  for (const content of ["", " ", "\n"]) {
    assert.deepEqual(refused({ type: "chat", content, client_msg_id: "m" }), {
      ok: false,
      code: "message_empty",
      clientMsgId: "m",
    });
  }
});

Deno.test("liveDecoder refuses wrong fields with a code and their name", () => {
  const cases: [unknown, RegExp][] = [
    [{ type: "chat" }, /^Invalid content: /],
    [{ type: "chat", content: 5 }, /^Invalid content: /],
    [{ type: "chat", content: "a\0" }, /^Invalid content: want no NUL/],
    [
      { type: "chat", content: "a", client_msg_id: "x".repeat(129) },
      /^Invalid client_msg_id: /,
    ],
    [{ type: "ping", timestamp: "now" }, /^Invalid timestamp: /],
    [{ type: "history", limit: 0 }, /^Invalid limit: /],
    [{ type: "history", limit: 201 }, /^Invalid limit: /],
    [
      { type: "history", before_seq: 1, after_seq: 1 },
      /^Invalid frame: before_seq and after_seq exclude/,
    ],
  ];
  for (const [frame, about] of cases) {
    const { code, message } = refused(frame);
    assert.equal(code, "bad_request");
    assert.match(message ?? "", about);
  }
});

Deno.test("liveDecoder refuses what a server says, and what is no frame", () => {
  const types = ["live_message", "live_status", "snapshot", "like", "", null];
  for (const type of [...types, undefined, 5, ["chat"], "__proto__"]) {
    assert.deepEqual(refused({ type, content: "a" }), {
      ok: false,
      code: "unknown_type",
    });
  }
  for (const text of ["", "{", "[]", "5", "null", '"chat"', "{}{}"]) {
    assert.deepEqual(decode(text), { ok: false, code: "bad_json" });
  }
});

Deno.test("liveDecoder never throws, and refuses with known codes", () => {
  const value = fc.jsonValue({ maxDepth: 2 });
  const frames = fc.record({
    type: fc.oneof(fc.constantFrom("chat", "ping", "history"), value),
    content: value,
    client_msg_id: value,
    timestamp: value,
    before_seq: value,
    after_seq: value,
    limit: value,
  }, { requiredKeys: [] }).map((frame) => JSON.stringify(frame));
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.json(), frames);
  const codes = ["bad_json", "bad_request", "unknown_type", "message_empty"];
  fc.assert(
    fc.property(texts, (text) => {
      const result = decode(text);
      if (result.ok) return assert(result.command !== null);
      assert(codes.includes(result.code), result.code);
    }),
    { numRuns: 500 },
  );
});
