import assert from "node:assert/strict";
import { LIVE_ID } from "../../src/wire/live_id.ts";

Deno.test("LIVE_ID takes 1 to 50 letters, digits, - or _, and whole numbers", () => {
  for (const id of ["7", "a", "A-b_9", "x".repeat(50)]) {
    assert.equal(LIVE_ID.parse(id), id);
  }
  assert.equal(LIVE_ID.parse(261378947940), "261378947940");
});

Deno.test("LIVE_ID refuses what a path, a log line or a route could take for more", () => {
  const refused = [
    "",
    "x".repeat(51),
    "a/b",
    "..",
    "a b",
    "房间",
    "a\n",
    "%2e",
  ];
  const routes = ["start", "stop", "status"];
  for (const id of [...refused, ...routes, 1.5, -1, 2 ** 53, null]) {
    assert(!LIVE_ID.safeParse(id).success, JSON.stringify(id));
  }
});
