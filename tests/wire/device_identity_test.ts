// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  readIdentity,
  readIdentityBytes,
} from "../../src/wire/device_identity.ts";

/** What is read of fields. */
function read(fields: unknown): unknown {
  const result = readIdentity(JSON.stringify(fields));
  return result.ok ? result.identity : `${result.code}: ${result.message}`;
}

const PLAIN = { device_id: "device_123", identity: "mobile_user" };
const KNOWN = { deviceId: "device_123", identity: "mobile_user" };

const INVALID = "identity_invalid: Invalid JSON format for identity";
const NO_IDENTITY = "identity_missing: Missing identity field";
const NO_DEVICE_ID = "device_id_missing: Missing device_id field";

Deno.test("readIdentity reads what the seed's client sends", () => {
  assert.deepEqual(read({ ...PLAIN, room_id: "ABC123" }), {
    ...KNOWN,
    roomId: "ABC123",
  });
  assert.deepEqual(read(PLAIN), KNOWN);
});

Deno.test("readIdentity takes numbers as text, with all their digits", () => {
  assert.deepEqual(read({ device_id: 7, identity: 1.5, room_id: 3 }), {
    deviceId: "7",
    identity: "1.5",
    roomId: "3",
  });
  const json = '{"device_id":89860012345678901234,"identity":"sim"}';
  const result = readIdentity(json);
  assert(result.ok);
  assert.equal(result.identity.deviceId, "89860012345678901234");
});

Deno.test("readIdentity takes a room that says nothing for none", () => {
  for (const room_id of [null, "", false, 0, -0, 0.0, [], {}, undefined]) {
    assert.deepEqual(read({ ...PLAIN, room_id }), KNOWN);
  }
  assert.deepEqual(read({ ...PLAIN, room_id: "0" }), {
    ...KNOWN,
    roomId: "0",
  });
});

Deno.test("readIdentity keeps a token that is text, and passes over others", () => {
  assert.deepEqual(read({ ...PLAIN, token: "t" }), { ...KNOWN, token: "t" });
  for (const token of ["", null, 5, {}]) {
    assert.deepEqual(read({ ...PLAIN, token }), KNOWN);
  }
});

Deno.test("readIdentity passes over fields that it does not know", () => {
  assert.deepEqual(read({ ...PLAIN, type: "hello", n: [1] }), KNOWN);
});

Deno.test("readIdentity refuses what is no JSON object first", () => {
  for (const text of ["", "{", "nul", "[]", "5", '"x"', "null", '[{"a":1}]']) {
    const result = readIdentity(text);
    assert.deepEqual(result, {
      ok: false,
      code: "identity_invalid",
      message: "Invalid JSON format for identity",
    }, text);
  }
});

Deno.test("readIdentity misses the identity before the device id", () => {
  assert.equal(read({}), NO_IDENTITY);
  assert.equal(read({ device_id: "d" }), NO_IDENTITY);
  assert.equal(read({ identity: "i" }), NO_DEVICE_ID);
});

Deno.test("readIdentity misses a field that Python takes for false", () => {
  for (const nothing of [null, "", 0, false, [], {}]) {
    assert.equal(read({ ...PLAIN, identity: nothing }), NO_IDENTITY);
    assert.equal(read({ ...PLAIN, device_id: nothing }), NO_DEVICE_ID);
  }
});

Deno.test("readIdentity misses fields before it looks at the others", () => {
  assert.equal(read({ identity: ["i"], room_id: [] }), NO_DEVICE_ID);
});

Deno.test("readIdentity takes names up to their bound", () => {
  const long = "设".repeat(255);
  assert.deepEqual(read({ device_id: long, identity: long }), {
    deviceId: long,
    identity: long,
  });
  assert.equal(
    read({ ...PLAIN, device_id: `${long}x` }),
    `${INVALID}: device_id: want at most 255 characters`,
  );
  assert.equal(
    read({ ...PLAIN, identity: `${long}x` }),
    `${INVALID}: identity: want at most 255 characters`,
  );
});

Deno.test("readIdentity names the first field that is no fit text", () => {
  const cases: [object, string][] = [
    [{ identity: true }, "identity: want text or a number"],
    [
      { identity: ["i"], device_id: { a: 1 } },
      "identity: want text or a number",
    ],
    [{ device_id: ["d"] }, "device_id: want text or a number"],
    [{ device_id: "d\0" }, "device_id: want no NUL character"],
    [{ device_id: "\ud800" }, "device_id: want well-formed Unicode"],
    [{ room_id: true }, "room_id: want text or a number"],
    [{ room_id: ["r"] }, "room_id: want text or a number"],
    [{ room_id: { a: [] } }, "room_id: want text or a number"],
  ];
  for (const [fields, about] of cases) {
    assert.equal(read({ ...PLAIN, ...fields }), `${INVALID}: ${about}`);
  }
});

Deno.test("readIdentity never throws, whatever the text", () => {
  const values = fc.jsonValue({ maxDepth: 3 });
  const fields = fc.record(
    { device_id: values, identity: values, room_id: values, token: values },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fields.map((one) => JSON.stringify(one)),
    fc.nat({ max: 60_000 }).map((depth) => '{"identity":' + "[".repeat(depth)),
  );
  fc.assert(fc.property(texts, (text) => {
    const result = readIdentity(text);
    if (!result.ok) return assert.notEqual(result.message, "");
    const { deviceId, identity } = result.identity;
    for (const name of [deviceId, identity]) {
      assert(name !== "" && name.isWellFormed() && !name.includes("\0"));
      assert([...name].length <= 255);
    }
  }));
});

Deno.test("readIdentity survives what nests as deep as a frame may", () => {
  const deep = "[".repeat(60_000) + "]".repeat(60_000);
  const result = readIdentity(`{"identity":1e400,"device_id":${deep}}`);
  assert(!result.ok);
  assert.equal(
    result.message,
    "Invalid JSON format for identity: device_id: want text or a number",
  );
});

Deno.test("readIdentityBytes reads JSON in UTF-8", () => {
  const text = JSON.stringify({ ...PLAIN, identity: "传感器" });
  const bytes = new TextEncoder().encode(text);
  assert.deepEqual(readIdentityBytes(bytes), readIdentity(text));
});

Deno.test("readIdentityBytes refuses bytes that are no UTF-8 or no JSON", () => {
  const broken = new TextEncoder().encode('{"device_id":"d","identity":"x"}');
  broken[broken.length - 3] = 0xff;
  for (const bytes of [broken, new Uint8Array(), new Uint8Array([1, 2, 3])]) {
    assert.deepEqual(readIdentityBytes(bytes), readIdentity(""));
  }
});
