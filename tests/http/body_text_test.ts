import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { bodyText } from "../../src/http/body_text.ts";
import { ChatError } from "../../src/wire/errors.ts";

/** Reads a body of at most 8 bytes, as text or as the code of the refusal. */
async function read(init: RequestInit): Promise<string> {
  const app = new Hono();
  app.onError((error, c) =>
    c.text(error instanceof ChatError ? error.code : "bug", 400)
  );
  app.all("/", async (c) => c.text(await bodyText(c, 8)));
  return await (await app.request("/", { method: "POST", ...init })).text();
}

/** A body in chunks that tells how far it was read. */
function newChunks(chunks: readonly (string | Uint8Array<ArrayBuffer>)[]) {
  const encoder = new TextEncoder();
  const state = { given: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = chunks[state.given];
      if (chunk === undefined) return controller.close();
      state.given += 1;
      const isText = typeof chunk === "string";
      controller.enqueue(isText ? encoder.encode(chunk) : chunk);
    },
    cancel() {
      state.cancelled = true;
    },
  }, { highWaterMark: 0 });
  return { state, stream };
}

Deno.test("bodyText reads a body, or nothing where there is none", async () => {
  assert.equal(await read({ body: "abc" }), "abc");
  assert.equal(await read({}), "");
});

Deno.test("bodyText reads as many bytes as the bound and no more", async () => {
  assert.equal(await read({ body: "12345678" }), "12345678");
  assert.equal(await read({ body: "123456789" }), "body_too_large");
  assert.equal(await read({ body: "房间" }), "房间");
  assert.equal(await read({ body: "房间房" }), "body_too_large");
});

Deno.test("bodyText joins a character that two chunks share", async () => {
  const [first, ...rest] = new TextEncoder().encode("房");
  const { stream } = newChunks([
    new Uint8Array([first ?? 0]),
    new Uint8Array(rest),
  ]);
  assert.equal(await read({ body: stream }), "房");
});

Deno.test("bodyText stops reading at the bound", async () => {
  const { state, stream } = newChunks(Array(100).fill("1234"));
  assert.equal(await read({ body: stream }), "body_too_large");
  assert.deepEqual(state, { given: 3, cancelled: true });
});

Deno.test("bodyText believes a Content-Length that is too large", async () => {
  const headers = { "Content-Length": "9" };
  assert.equal(await read({ body: "1", headers }), "body_too_large");
});

Deno.test("bodyText refuses what is not UTF-8", async () => {
  assert.equal(await read({ body: new Uint8Array([0xff]) }), "bad_json");
  assert.equal(await read({ body: new Uint8Array([0xe6, 0x88]) }), "bad_json");
});
