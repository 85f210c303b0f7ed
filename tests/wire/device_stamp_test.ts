// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Stamp, stamped } from "../../src/wire/device_stamp.ts";
import { jsonMembers } from "../../src/wire/json_members.ts";

const STAMP: Stamp = { fromDeviceId: "d1", messageType: "broadcast" };
const KEYS = '"from_device_id":"d1","message_type":"broadcast"';

Deno.test("stamped writes the sender and the kind before the last brace", () => {
  assert.equal(stamped('{"a":1}', STAMP), `{"a":1,${KEYS}}`);
  assert.equal(
    stamped('{"a":1}', { fromDeviceId: "d1", messageType: "direct" }),
    '{"a":1,"from_device_id":"d1","message_type":"direct"}',
  );
});

Deno.test("stamped puts no comma into an empty object", () => {
  assert.equal(stamped("{}", STAMP), `{${KEYS}}`);
  assert.equal(stamped(" {\n\t} \r\n", STAMP), ` {\n\t${KEYS}} \r\n`);
});

Deno.test("stamped leaves every byte that the sender wrote", () => {
  const texts = [
    ' \n{ "big" : 12345678901234567890 , "one":1.0, "e":1E+2 } \t',
    '{"2":0,"1":0,"dup":1,"dup":2}',
    '{"s":"\\u4f60\\u597d \\/ }{","u":"\\ud83d\\ude00"}',
    '{"nested":{"from_device_id":"x","message_type":"y"}}',
    '{"said":"message_type"}',
    '{"from_device_ids":1,"\\u0066rom":2}',
  ];
  for (const text of texts) {
    const end = text.lastIndexOf("}");
    const rest = text.slice(end);
    assert.equal(stamped(text, STAMP), `${text.slice(0, end)},${KEYS}${rest}`);
  }
});

Deno.test("stamped takes out what the sender says of itself", () => {
  const cases: [string, string][] = [
    ['{"from_device_id":"boss"}', `{${KEYS}}`],
    ['{"a":1.0,"message_type":"direct", "b":2}', `{"a":1.0, "b":2,${KEYS}}`],
    ['{"from_device_\\u0069d":"boss","a":1}', `{"a":1,${KEYS}}`],
    ['{"\\u006dessage_type":1,"message_type":2}', `{${KEYS}}`],
    [
      '{"from_device_id":{"message_type":"}"},"n":12345678901234567890}',
      `{"n":12345678901234567890,${KEYS}}`,
    ],
  ];
  for (const [text, result] of cases) {
    assert.equal(stamped(text, STAMP), result);
  }
});

Deno.test("stamped escapes the device id", () => {
  const fromDeviceId = 'a"\\\n}设备';
  const text = stamped('{"a":1}', { ...STAMP, fromDeviceId });
  assert.equal(JSON.parse(text).from_device_id, fromDeviceId);
});

Deno.test("stamped leaves what is no object", () => {
  for (const text of ["[{}]", "5", '"{}"', "null", ' ["from_device_id"] ']) {
    assert.equal(stamped(text, STAMP), text);
  }
});

Deno.test("stamped passes what nests far too deep to parse again", () => {
  const deep = "[".repeat(60_000) + "]".repeat(60_000);
  assert.equal(stamped(`{"a":${deep}}`, STAMP), `{"a":${deep},${KEYS}}`);
  assert.equal(
    stamped(`{"a":${deep},"message_type":1}`, STAMP),
    `{"a":${deep},${KEYS}}`,
  );
});

/** A JSON string of a key, some of its characters as escapes. */
function keyTexts(): fc.Arbitrary<string> {
  const keys = fc.oneof(
    fc.constantFrom("from_device_id", "message_type", "a", ""),
    fc.string({ unit: "binary" }),
  );
  return fc.tuple(keys, fc.nat({ max: 3 })).map(([key, every]) => {
    const plain = JSON.stringify(key).slice(1, -1);
    if (every === 0 || plain.includes("\\")) return `"${plain}"`;
    const escaped = [...plain].map((char, index) => {
      const code = char.charCodeAt(0).toString(16).padStart(4, "0");
      return char.length === 1 && index % every === 0 ? `\\u${code}` : char;
    });
    return `"${escaped.join("")}"`;
  });
}

/** Objects as senders write them: space, odd numbers, keys twice. */
function objectTexts(): fc.Arbitrary<string> {
  const space = fc.constantFrom("", "", " ", "\n", "\r\n\t");
  const value = fc.oneof(
    fc.constantFrom("1.0", "12345678901234567890", "-0", "1e400", '"}"', "{}"),
    fc.json({ maxDepth: 2 }),
  );
  const member = fc.tuple(space, keyTexts(), space, space, value, space).map(
    ([a, key, b, c, one, d]) => `${a}${key}${b}:${c}${one}${d}`,
  );
  return fc.tuple(space, fc.array(member, { maxLength: 6 }), space).map(
    ([before, members, after]) => `${before}{${members.join(",")}}${after}`,
  );
}

Deno.test("stamped says the same and two keys more, whatever the object", () => {
  fc.assert(
    fc.property(objectTexts(), (text) => {
      const original = JSON.parse(text);
      const result = stamped(text, STAMP);
      const ours = { from_device_id: "d1", message_type: "broadcast" };
      assert.deepEqual(JSON.parse(result), { ...original, ...ours });
      const isTheirs = Object.hasOwn(original, "from_device_id") ||
        Object.hasOwn(original, "message_type");
      if (isTheirs) return;
      assert.equal(result.replace(new RegExp(`,?${KEYS}`), ""), text);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("stamped leaves each key there once, for who believes the first", () => {
  fc.assert(fc.property(objectTexts(), (text) => {
    const members = jsonMembers(stamped(text, STAMP));
    const stamps = members.filter(({ key }) =>
      key === "from_device_id" || key === "message_type"
    );
    assert.deepEqual(stamps.map(({ valueText }) => valueText), [
      '"d1"',
      '"broadcast"',
    ]);
  }));
});
