import assert from "node:assert/strict";
import { SourceBook } from "../../src/live/source_book.ts";
import { FakeSource } from "../support/fake_source.ts";

Deno.test("SourceBook finds a source by its name, and refuses another", () => {
  const source = new FakeSource();
  const book = new SourceBook(new Map([["demo", source]]));
  assert.equal(book.require("demo"), source);
  assert.equal(book.stored("demo"), source);
  assert.throws(() => book.require("gone"), { code: "live_source_unknown" });
});

Deno.test("SourceBook has something for a link whose source is gone", async () => {
  const missing = new SourceBook(new Map()).stored("gone");
  assert.equal(missing.name, "gone");
  const { kind } = await missing.check("1", new AbortController().signal);
  assert.equal(kind, "unknown");
});
