import assert from "node:assert/strict";
import { z } from "zod";
import {
  addressOf,
  SOURCE_CONFIG,
  SOURCE_WANTS,
} from "../../../../src/live/sources/websocket/source_config.ts";

Deno.test("addressOf puts a live id everywhere it is to be, encoded", () => {
  const template = "ws://{live_id}.example/{live_id}?room={live_id}";
  assert.equal(
    addressOf(template, "a-1"),
    "ws://a-1.example/a-1?room=a-1",
  );
  assert.equal(addressOf("ws://h/{live_id}", "a/b?c"), "ws://h/a%2Fb%3Fc");
  assert.equal(addressOf("ws://h/", "a"), "ws://h/");
});

Deno.test("SOURCE_WANTS says what is wanted of every field", () => {
  const inner = [
    ["mapping.", "mapping"],
    ["status.", "status"],
    ["heartbeat.", "heartbeat"],
  ] as const;
  const fields = Object.keys(SOURCE_CONFIG.shape);
  for (const [start, name] of inner) {
    const schema = SOURCE_CONFIG.shape[name].unwrap();
    assert(schema instanceof z.ZodObject);
    fields.push(...Object.keys(schema.shape).map((field) => start + field));
  }
  assert.deepEqual(
    Object.keys(SOURCE_WANTS).sort(),
    ["", ...fields].sort(),
  );
});

Deno.test("SOURCE_CONFIG fills in what a source does not say", () => {
  const url = "wss://h/{live_id}";
  assert.deepEqual(SOURCE_CONFIG.parse({ type: "websocket", url }), {
    type: "websocket",
    url,
    headers: {},
    pings: true,
    format: "json",
    ["frame_bytes_max"]: 1_048_576,
  });
});
