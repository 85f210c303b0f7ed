import assert from "node:assert/strict";
import { FrameReader } from "../../../../src/live/sources/websocket/frame_reader.ts";

function chat(content: string): { type: string; content: string } {
  return { type: "chat", content };
}

function contents(reader: FrameReader, text: string): unknown[] {
  const { messages, faults } = reader.read(text);
  return [...messages.map(({ data }) => data["content"]), ...faults];
}

Deno.test("FrameReader reads one message, an array, and lines", () => {
  const reader = new FrameReader({ format: "json" });
  const [a, b] = [chat("a"), chat("b")].map((one) => JSON.stringify(one));
  assert.deepEqual(contents(reader, `${a}`), ["a"]);
  assert.deepEqual(contents(reader, `[${a},${b}]`), ["a", "b"]);
  assert.deepEqual(contents(reader, `${a}\n${b}\n\n`), ["a", "b"]);
  assert.deepEqual(contents(reader, `[${a}]\r\n${b}`), ["a", "b"]);
  assert.deepEqual(contents(reader, "[]"), []);
  assert.deepEqual(contents(reader, " \n"), []);
});

Deno.test("FrameReader passes the good ones among the bad", () => {
  const reader = new FrameReader({ format: "json" });
  const [a, b] = [chat("a"), chat("b")].map((one) => JSON.stringify(one));
  const frames: [string, unknown[]][] = [
    [`${a}\n{"type":\n${b}`, ["a", "b", "malformed"]],
    [`[${a},7,${b}]`, ["a", "b", "malformed"]],
    [`[${a},{"type":"lottery"},${b}]`, ["a", "b", "unknown_type"]],
    ["pong", ["malformed"]],
    ["7", ["malformed"]],
  ];
  for (const [text, expected] of frames) {
    assert.deepEqual(contents(reader, text), expected, text);
  }
});

Deno.test("FrameReader finds messages where they are in a frame", () => {
  const reader = new FrameReader({ format: "json", messages: "data.items" });
  const frames: [unknown, unknown[]][] = [
    [{ data: { items: [chat("a"), chat("b")] } }, ["a", "b"]],
    [{ data: { items: chat("a") } }, ["a"]],
    [{ data: {} }, ["malformed"]],
  ];
  for (const [frame, expected] of frames) {
    assert.deepEqual(contents(reader, JSON.stringify(frame)), expected);
  }
});

Deno.test("FrameReader maps before it reads, and passes over what is unwanted", () => {
  const reader = new FrameReader({
    format: "json",
    mapping: {
      type: "k",
      types: { say: "chat", hb: null },
      fields: { content: "t" },
    },
  });
  const frame = [{ k: "say", t: "a" }, { k: "hb" }, { k: "say" }, { k: "x" }];
  assert.deepEqual(contents(reader, JSON.stringify(frame)), [
    "a",
    "malformed",
    "unknown_type",
  ]);
});

Deno.test("FrameReader takes any text for a chat when the format is text", () => {
  const reader = new FrameReader({ format: "text", messages: "no.matter" });
  assert.deepEqual(contents(reader, '{"type":'), ['{"type":']);
  assert.deepEqual(contents(reader, "two\nlines"), ["two\nlines"]);
  const [message] = reader.read("hi").messages;
  assert.deepEqual(message, {
    type: "chat",
    count: 1,
    data: {
      type: "chat",
      user_id: "",
      user_name: "",
      content: "hi",
      user_avatar: "",
    },
  });
});

Deno.test("FrameReader keeps apart messages whose long ids differ in a digit", () => {
  const reader = new FrameReader({ format: "json" });
  const { messages } = reader.read(
    '[{"type":"follow","id":7312345678901234567},' +
      '{"type":"follow","id":7312345678901234568}]',
  );
  assert.deepEqual(messages.map(({ id }) => id), [
    "7312345678901234567",
    "7312345678901234568",
  ]);
});
