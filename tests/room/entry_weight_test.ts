import assert from "node:assert/strict";
import {
  entryWeight,
  fittingCount,
  PAGE_WEIGHT_MAX,
} from "../../src/room/entry_weight.ts";
import type { LogEntry } from "../../src/wire/entry.ts";
import { entryFrame } from "../../src/wire/rooms_entry.ts";
import { liveMessage, newMessage } from "./fixture.ts";

/** A message that weighs so much. */
function weighing(weight: number): LogEntry {
  const bare = entryWeight(newMessage(1, { content: "" }));
  return newMessage(1, { content: "x".repeat(weight - bare) });
}

Deno.test("entryWeight is about the length of an entry's frame", () => {
  const event: LogEntry = {
    ...newMessage(2),
    kind: "custom_event",
    payload: { eventType: "e", payload: { text: "x".repeat(5000) } },
  };
  for (const entry of [newMessage(1, { content: "y".repeat(4000) }), event]) {
    const { length } = JSON.stringify(entryFrame(entry));
    assert(Math.abs(entryWeight(entry) - length) < 200);
  }
});

Deno.test("fittingCount takes entries up to the bound, inclusive", () => {
  const half = PAGE_WEIGHT_MAX / 2;
  assert.equal(fittingCount([weighing(half), weighing(half - 1)]), 2);
  assert.equal(fittingCount([weighing(half), weighing(half)]), 2);
  assert.equal(fittingCount([weighing(half), weighing(half + 1)]), 1);
});

Deno.test("fittingCount stops at the first that does not fit", () => {
  const small = newMessage(1);
  const large = weighing(PAGE_WEIGHT_MAX);
  assert.equal(fittingCount([small, large, small]), 1);
});

Deno.test("fittingCount takes one entry however heavy it is", () => {
  const huge = weighing(PAGE_WEIGHT_MAX * 2);
  assert.equal(fittingCount([huge]), 1);
  assert.equal(fittingCount([huge, newMessage(2)]), 1);
});

Deno.test("fittingCount of nothing is nothing", () => {
  assert.equal(fittingCount([]), 0);
});

Deno.test("entryWeight counts the file that a message names", () => {
  const bare = entryWeight(newMessage(1));
  const file = { fileUrl: "/a.png", fileName: "a.png" };
  assert.equal(entryWeight(newMessage(1, file)), bare + 11);
});

Deno.test("entryWeight counts what a device sent, in either form", () => {
  const relay: LogEntry<"relay"> = {
    ...newMessage(1),
    kind: "relay",
    payload: { identity: "sensor", sessionId: "s1" },
  };
  const bare = entryWeight(relay);
  for (const form of ["text", "base64"]) {
    const payload = { ...relay.payload, [form]: "x".repeat(5000) };
    assert.equal(entryWeight({ ...relay, payload }), bare + 5000);
  }
  assert.equal(bare, entryWeight(newMessage(1, { content: "" })));
});

Deno.test("entryWeight counts what came from outside, with its id there", () => {
  const entry: LogEntry<"live"> = {
    ...newMessage(1),
    kind: "live",
    actor: null,
    payload: liveMessage("chat", { text: "x".repeat(5000) }),
  };
  const bare = entryWeight(newMessage(1, { content: "" }));
  assert.equal(entryWeight(entry), bare + 5000);
  const payload = { ...entry.payload, upstreamId: "u".repeat(20) };
  assert.equal(entryWeight({ ...entry, payload }), bare + 5020);
});
