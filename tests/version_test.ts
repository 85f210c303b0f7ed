import assert from "node:assert/strict";
import { VERSION } from "../src/version.ts";

Deno.test("VERSION is that of deno.json", () => {
  const text = Deno.readTextFileSync(new URL("../deno.json", import.meta.url));
  assert.equal(VERSION, JSON.parse(text).version);
  assert.match(VERSION, /^\d+\.\d+\.\d+$/);
});
