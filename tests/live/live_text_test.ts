// deno-lint-ignore-file camelcase
import assert from "node:assert/strict";
import {
  keptCount,
  liveMessageOf,
  MESSAGE_COUNT_MAX,
  UPSTREAM_ID_CHARS_MAX,
} from "../../src/live/live_text.ts";
import type { SourceMessage } from "../../src/live/source.ts";
import { LIVE_TEXT_CHARS_MAX } from "../../src/wire/limits.ts";

const TAKING = { liveId: "100", now: 1500 };

function chat(more: Partial<SourceMessage> = {}): SourceMessage {
  return { type: "chat", count: 1, data: { content: "hi" }, ...more };
}

/** A message whose text is this long. */
function ofLength(chars: number): SourceMessage {
  const bare = liveMessageOf(chat({ data: { content: "" } }), TAKING);
  assert(typeof bare === "object");
  return chat({ data: { content: "x".repeat(chars - bare.text.length) } });
}

Deno.test("liveMessageOf makes the text that viewers read", () => {
  const message = liveMessageOf(chat({ id: "m1", count: 3 }), TAKING);
  assert(typeof message === "object");
  const { text, ...rest } = message;
  assert.deepEqual(rest, { type: "chat", count: 3, upstreamId: "m1" });
  assert.deepEqual(JSON.parse(text), {
    type: "chat",
    content: "hi",
    timestamp: 1.5,
    live_id: "100",
  });
});

Deno.test("liveMessageOf has no upstream id where the source has none", () => {
  const message = liveMessageOf(chat(), TAKING);
  assert(typeof message === "object");
  assert.equal("upstreamId" in message, false);
});

Deno.test("liveMessageOf keeps the source's time, not its type or live id", () => {
  const data = { type: "x", timestamp: 7, live_id: "other", count: 2 };
  const message = liveMessageOf(chat({ data }), TAKING);
  assert(typeof message === "object");
  assert.deepEqual(JSON.parse(message.text), {
    type: "chat",
    timestamp: 7,
    live_id: "100",
    count: 2,
  });
});

Deno.test("liveMessageOf passes over a text past its bound", () => {
  const longest = liveMessageOf(ofLength(LIVE_TEXT_CHARS_MAX), TAKING);
  assert(typeof longest === "object");
  assert.equal(longest.text.length, LIVE_TEXT_CHARS_MAX);
  const tooLong = liveMessageOf(ofLength(LIVE_TEXT_CHARS_MAX + 1), TAKING);
  assert.equal(tooLong, "message_too_large");
});

Deno.test("liveMessageOf passes over an id past its bound", () => {
  const longest = "i".repeat(UPSTREAM_ID_CHARS_MAX);
  assert.equal(typeof liveMessageOf(chat({ id: longest }), TAKING), "object");
  const refused = liveMessageOf(chat({ id: `${longest}i` }), TAKING);
  assert.equal(refused, "message_too_large");
});

Deno.test("liveMessageOf passes over what JSON cannot say", () => {
  const data = { user_id: 12n };
  assert.equal(liveMessageOf(chat({ data }), TAKING), "malformed");
});

Deno.test("keptCount is whole and within its bounds", () => {
  const cases: [number, number][] = [
    [0, 0],
    [1, 1],
    [2.9, 2],
    [-4, 0],
    [NaN, 1],
    [MESSAGE_COUNT_MAX, MESSAGE_COUNT_MAX],
    [MESSAGE_COUNT_MAX + 1, MESSAGE_COUNT_MAX],
    [Infinity, MESSAGE_COUNT_MAX],
  ];
  for (const [count, kept] of cases) assert.equal(keptCount(count), kept);
});
