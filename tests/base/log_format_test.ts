import assert from "node:assert/strict";
import { logFormatter } from "../../src/base/log_format.ts";
import { START_AT } from "../support/fake_clock.ts";

const LOOKS = {
  json: { format: "json", colors: false },
  text: { format: "pretty", colors: false },
  color: { format: "pretty", colors: true },
} as const;
const LINE = "Flushed 8 messages for conversation 123 to database";

function format(
  as: keyof typeof LOOKS,
  line: string,
  fields: Record<string, unknown> = {},
): string {
  return logFormatter(LOOKS[as])("info", line, { timestamp: START_AT, fields });
}

Deno.test("logFormatter writes a sentence unbroken in every format", () => {
  for (const as of ["json", "text", "color"] as const) {
    const text = format(as, LINE, { event: "batch_flushed" });
    assert(text.includes(LINE), text);
    assert.equal(text.indexOf("\n"), text.length - 1);
  }
});

Deno.test("logFormatter puts fields on the sentence's line in text", () => {
  assert.equal(
    format("text", "Room created", { room: "a b", users: 3, gone: undefined }),
    '2026-01-01 00:00:00.000   INFO   Room created room="a b" users=3\n',
  );
});

Deno.test("logFormatter colours pretty and nothing else", () => {
  assert(format("color", LINE).includes("\x1b["));
  assert(!format("text", LINE).includes("\x1b["));
  assert(!format("json", LINE).includes("\x1b["));
});

Deno.test("logFormatter writes an error with its message, code, stack and cause", () => {
  const cause = new TypeError("disk on fire");
  const error = Object.assign(new Error("no luck", { cause }), { code: "E1" });
  const record = JSON.parse(format("json", LINE, { error })).error;
  assert.equal(record.message, "no luck");
  assert.equal(record.code, "E1");
  assert.match(record.stack, /log_format_test/);
  assert.equal(record.cause.name, "TypeError");

  const text = format("text", LINE, { error });
  assert.match(text, /error: \{ Error: no luck/);
  assert.match(text, /log_format_test/);
  assert.match(text, /disk on fire/);
});

Deno.test("logFormatter redacts a field by its name, at any depth", () => {
  const fields = {
    apiKey: "s3cret",
    headers: [{ authorization: "s3cret", cookie: "s3cret" }],
    AUTH_SECRET: "s3cret",
    refreshToken: { value: "s3cret" },
    nickname: "Ann",
  };
  for (const as of ["json", "text", "color"] as const) {
    const text = format(as, LINE, fields);
    assert(!text.includes("s3cret"), text);
    assert.match(text, /\[redacted\]/);
    assert.match(text, /Ann/);
  }
});

Deno.test("logFormatter redacts a token by its form, in sentences and errors too", () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${btoa("[]x")}.c2ln`;
  const url = "/ws/rooms/1?token=abc.def&since=4";
  const error = new Error(`bad ${jwt}`);
  for (const as of ["json", "text"] as const) {
    const text = format(as, `Refused ${jwt}`, { url, error });
    assert(!text.includes(jwt), text);
    assert(!text.includes("abc.def"), text);
    assert.match(text, /since=4/);
  }
});

Deno.test("logFormatter keeps control characters off a terminal", () => {
  const text = format("text", "Name \x1b[2J\n2026 forged", {
    name: "\x1b[2J\nforged",
  });
  assert(!text.includes("\x1b"), text);
  assert(!/^forged/m.test(text), text);
  assert(!/^2026 forged/m.test(text), text);
});

Deno.test("logFormatter keeps JSON's own columns from being overwritten", () => {
  const record = JSON.parse(
    format("json", LINE, { message: "forged", level: "x", time: 0, big: 1n }),
  );
  assert.equal(record.message, LINE);
  assert.equal(record.level, "info");
  assert.equal(record.time, "2026-01-01T00:00:00.000Z");
  assert.equal(record.big, "1");
});

Deno.test("logFormatter keeps the sentence when a field cannot be read", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const trap = {
    get value() {
      throw new Error("no");
    },
  };
  for (const fields of [{ circle }, { trap }]) {
    for (const as of ["json", "text"] as const) {
      const text = format(as, LINE, { ...fields, event: "e" });
      assert(text.includes(LINE));
      assert.match(text, /unreadable/);
    }
  }
});
