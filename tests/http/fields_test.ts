import assert from "node:assert/strict";
import {
  adminUserIds,
  boundedId,
  cappedInteger,
  durationSecs,
  epochSecs,
  httpUrl,
  maxMembers,
  pinned,
  queryInteger,
  roomName,
  slowModeSecs,
} from "../../src/http/fields.ts";
import type { z } from "zod";

/** Asserts what a schema takes and what it refuses. */
function check(
  schema: z.ZodType,
  taken: readonly unknown[],
  refused: readonly unknown[],
): void {
  for (const value of taken) {
    assert(schema.safeParse(value).success, `refuses ${String(value)}`);
  }
  for (const value of refused) {
    assert(!schema.safeParse(value).success, `takes ${String(value)}`);
  }
}

Deno.test("roomName takes 1 to 200 characters", () => {
  check(roomName, ["x", "x".repeat(200)], ["", "x".repeat(201), 1, null]);
});

Deno.test("pinned takes up to 4096 characters, or none by null", () => {
  check(pinned, [null, "x".repeat(4096)], ["", "x".repeat(4097), undefined]);
});

Deno.test("slowModeSecs takes up to a day, 0 is off and null the server's", () => {
  check(slowModeSecs, [null, 0, 86_400], [-1, 86_401, 0.5, "1", undefined]);
});

Deno.test("durationSecs takes up to ten years, or for good", () => {
  check(durationSecs, [undefined, null, 1, 315_360_000], [0, 315_360_001]);
});

Deno.test("maxMembers takes up to the server's bound", () => {
  check(maxMembers(10), [null, 1, 10], [0, 11, 1.5, "1"]);
});

Deno.test("boundedId takes 1 to 200 characters", () => {
  check(boundedId, ["x", "x".repeat(200)], ["", "x".repeat(201), 1, null]);
});

Deno.test("epochSecs takes whole seconds that a date can hold", () => {
  const max = 8_640_000_000_000;
  check(epochSecs, [0, max - 1, max], [-1, max + 1, 0.5, "1", null]);
});

Deno.test("httpUrl takes a URL of the web of at most 2048 characters", () => {
  const filled = (chars: number) => "http://backend.test/".padEnd(chars, "x");
  check(
    httpUrl,
    [
      "http://127.0.0.1:3001/sync/room",
      "https://user:word@backend.test/?key=1",
      "http://[::1]:80/",
      filled(2047),
      filled(2048),
    ],
    [
      filled(2049),
      "",
      "backend.test",
      "/sync/room",
      "http:backend.test",
      "http://",
      "ftp://backend.test/",
      "file:///etc/passwd",
      "javascript:alert(1)",
      1,
      null,
    ],
  );
});

Deno.test("adminUserIds takes each user once, in the order of naming", () => {
  assert.deepEqual(adminUserIds(4).parse(["b", "a", "b"]), ["b", "a"]);
  check(adminUserIds(4), [[], ["abcd"]], [["abcde"], [""], [1], "a", null]);
});

Deno.test("queryInteger reads digits within its bounds and nothing else", () => {
  assert.equal(queryInteger(2, 10).parse("007"), 7);
  check(
    queryInteger(2, 10),
    ["2", "10"],
    ["1", "11", "", "+2", "-2", "2.0", "2e0", " 2", "٣", "1".repeat(17), 5],
  );
});

Deno.test("cappedInteger lowers what is above its cap", () => {
  const read = (text: string) => cappedInteger(10).parse(text);
  assert.deepEqual(["9", "10", "11", "99999"].map(read), [9, 10, 10, 10]);
  check(cappedInteger(10), [], ["0", "-1", "x"]);
});
