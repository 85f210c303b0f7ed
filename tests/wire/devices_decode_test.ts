// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import fc from "fast-check";
import type { RelayCommand } from "../../src/wire/command.ts";
import type { Decoded } from "../../src/wire/dialect.ts";
import {
  decodeDeviceBytes,
  devicesDecoder,
} from "../../src/wire/devices_decode.ts";

const plain = devicesDecoder({ hasAcks: false });
const acked = devicesDecoder({ hasAcks: true });

/** The relay command of a text. */
function relayed(text: string, decode = plain): RelayCommand {
  const result = decode(text);
  assert(
    result.ok && result.command?.type === "relay",
    `${text} is no message`,
  );
  return result.command;
}

/** Why fields are refused. */
function refused(
  fields: object,
  decode = plain,
): Extract<Decoded, { ok: false }> {
  const result = decode(JSON.stringify(fields));
  assert(!result.ok, `${JSON.stringify(fields)} was taken`);
  return result;
}

Deno.test("devicesDecoder takes any JSON for a message, byte for byte", () => {
  const texts = [
    '{"type":"text","content":"Hello from device_123"}',
    ' {\n"a" : 12345678901234567890, "b": 1.0, "a": 2 }\r\n',
    "{}",
    "[1, 2]",
    "5",
    '"query_room"',
    "null",
    "false",
    '{"device_id":"d","identity":"i"}',
    '{"type":["query_room"]}',
    '{"__proto__":{"type":"query_room"}}',
    '[{"target_device_id":"d"}]',
  ];
  for (const text of texts) {
    assert.deepEqual(relayed(text), { type: "relay", body: text });
    assert.deepEqual(relayed(text, acked), { type: "relay", body: text });
  }
});

Deno.test("devicesDecoder understands query_room, whatever stands beside it", () => {
  const query = { ok: true, command: { type: "query_room" } };
  const texts = [
    '{"type":"query_room"}',
    ' { "type" : "query_\\u0072oom" } ',
    '{"type":"query_room","target_device_id":[],"client_msg_id":5}',
    '{"type":"text","type":"query_room"}',
  ];
  for (const text of texts) assert.deepEqual(acked(text), query);
});

Deno.test("devicesDecoder sends to the device that is named", () => {
  const cases: [string, string][] = [
    ['"pump-1"', "pump-1"],
    ['"设备"', "设备"],
    ["7", "7"],
    ['"0"', "0"],
    ["-1", "-1"],
    ["89860012345678901234", "89860012345678901234"],
    [JSON.stringify("x".repeat(255)), "x".repeat(255)],
  ];
  for (const [written, targetId] of cases) {
    const body = `{"target_device_id":${written},"on":true}`;
    assert.deepEqual(relayed(body), { type: "relay", body, targetId });
  }
});

Deno.test("devicesDecoder sends to all where the target says nothing", () => {
  const nothing = ["null", '""', "false", "0", "-0", "0.0", "[]", "{}"];
  for (const target of nothing) {
    const body = `{"target_device_id":${target},"client_msg_id":"m"}`;
    const command = { type: "relay", body };
    assert.deepEqual(relayed(body), command);
    const named = { ...command, clientMsgId: "m" };
    assert.deepEqual(relayed(body, acked), named);
  }
});

Deno.test("devicesDecoder refuses a target that names no device", () => {
  const cases: [unknown, string][] = [
    [true, "want text or a number"],
    [["d"], "want text or a number"],
    [{ id: "d" }, "want text or a number"],
    ["x".repeat(256), "want at most 255 characters"],
    ["d\0", "want no NUL character"],
    ["\udc00", "want well-formed Unicode"],
  ];
  for (const [target_device_id, about] of cases) {
    assert.deepEqual(refused({ target_device_id }), {
      ok: false,
      code: "bad_request",
      message: `Invalid target_device_id: ${about}`,
    });
  }
});

Deno.test("devicesDecoder keeps a message's name where receipts are asked for", () => {
  for (const clientMsgId of ["m", "x".repeat(127), "x".repeat(128)]) {
    const body = JSON.stringify({ client_msg_id: clientMsgId });
    const command = { type: "relay", body };
    assert.deepEqual(relayed(body, acked), { ...command, clientMsgId });
    assert.deepEqual(relayed(body), command);
  }
  const body = '{"client_msg_id":null}';
  assert.deepEqual(relayed(body, acked), { type: "relay", body });
});

Deno.test("devicesDecoder refuses a message's name that is none", () => {
  for (const client_msg_id of ["", "x".repeat(129), 5, true, {}, "a\0"]) {
    const { code, message } = refused({ client_msg_id }, acked);
    assert.equal(code, "bad_request");
    assert.match(message ?? "", /^Invalid client_msg_id: /);
    relayed(JSON.stringify({ client_msg_id }));
  }
});

Deno.test("devicesDecoder says which message it refuses", () => {
  const fields = { client_msg_id: "m1", target_device_id: true };
  assert.equal(refused(fields, acked).clientMsgId, "m1");
  assert.equal(refused(fields).clientMsgId, undefined);
});

Deno.test("devicesDecoder refuses what is no JSON in the seed's words", () => {
  const refusal = {
    ok: false,
    code: "bad_json",
    message: "Invalid JSON format",
  };
  for (const text of ["", " ", "{", "{}{}", "{'a':1}", "NaN", "\ufeff{}"]) {
    assert.deepEqual(plain(text), refusal, text);
  }
});

Deno.test("devicesDecoder passes what nests as deep as a frame may", () => {
  const deep = "[".repeat(30_000) + "]".repeat(30_000);
  const bodies = [deep, `{"a":${deep}}`, "[".repeat(60_000)];
  assert.equal(relayed(deep).body, deep);
  const body = `{"a":${deep},"target_device_id":9007199254740993}`;
  assert.equal(relayed(body).targetId, "9007199254740993");
  assert.equal(relayed(bodies[1] ?? "").body, bodies[1]);
  assert.equal(plain(bodies[2] ?? "").ok, false);
});

Deno.test("devicesDecoder never throws, and passes on what it was given", () => {
  const value = fc.jsonValue({ maxDepth: 2 });
  const addressed = fc.record({
    type: fc.oneof(fc.constant("query_room"), value),
    target_device_id: value,
    client_msg_id: value,
  }, { requiredKeys: [] }).map((fields) => JSON.stringify(fields));
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.json(), addressed);
  fc.assert(
    fc.property(texts, fc.boolean(), (text, hasAcks) => {
      const result = (hasAcks ? acked : plain)(text);
      if (!result.ok) return assert.notEqual(result.message ?? "", "");
      assert(result.command !== null);
      if (result.command.type === "query_room") return;
      assert(result.command.type === "relay");
      assert.equal(result.command.body, text);
    }),
    { numRuns: 500 },
  );
});

Deno.test("decodeDeviceBytes passes bytes on, also none", () => {
  for (const body of [new Uint8Array([0, 255]), new Uint8Array()]) {
    assert.deepEqual(decodeDeviceBytes(body), {
      ok: true,
      command: { type: "relay", body },
    });
  }
});
