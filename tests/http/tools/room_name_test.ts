import assert from "node:assert/strict";
import { slugOf, titleOf } from "../../../src/http/tools/room_name.ts";

Deno.test("slugOf writes a name as the seed does", () => {
  assert.equal(slugOf("Tech Talk_2026"), "tech-talk-2026");
  assert.equal(slugOf("  深夜 电台 "), "深夜-电台");
});

Deno.test("slugOf keeps out what a path cannot carry", () => {
  assert.equal(slugOf("a/b\\c?d#e%f\u0001g\ud800"), "a-b-c-d-e-f-g-");
  assert.equal(slugOf("\t\n"), undefined);
  assert.equal(slugOf("."), undefined);
  assert.equal(slugOf(".."), undefined);
  assert.equal(slugOf("..."), "...");
});

Deno.test("slugOf leaves place for a number behind the id", () => {
  assert.equal(slugOf("x".repeat(119)), "x".repeat(119));
  assert.equal(slugOf("x".repeat(120)), undefined);
});

Deno.test("titleOf writes an id in words", () => {
  assert.equal(titleOf("public-room"), "Public Room");
  assert.equal(titleOf("深夜-fm"), "深夜 Fm");
});
