import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { isEnvelope, openEnvelope } from "../../src/wire/chat_envelope.ts";

const LIMITS = { frameBytesMax: 20 };

function packed(text: string): string {
  return new Uint8Array(gzipSync(text)).toHex();
}

Deno.test("isEnvelope knows a frame without a type that says if it is packed", () => {
  assert(isEnvelope({ compressed: true, data: "" }));
  assert(isEnvelope({ compressed: false }));
  assert(!isEnvelope({ compressed: "yes" }));
  assert(!isEnvelope({ type: "message", compressed: true }));
  assert(!isEnvelope({ content: "hi" }));
});

Deno.test("openEnvelope counts bytes and not characters", () => {
  const fits = JSON.stringify({ type: "😀😀" });
  assert.equal(new TextEncoder().encode(fits).length, 19);
  const over = JSON.stringify({ type: "😀😀😀" });
  assert.equal(over.length, 17);
  assert.deepEqual(
    openEnvelope({ compressed: true, data: packed(fits) }, LIMITS),
    { type: "😀😀" },
  );
  assert.equal(
    openEnvelope({ compressed: true, data: packed(over) }, LIMITS),
    undefined,
  );
});

Deno.test("openEnvelope opens one envelope and not one in another", () => {
  const inner = { compressed: false, data: {} };
  assert.deepEqual(openEnvelope(inner, LIMITS), {});
  const outer = { compressed: false, data: inner };
  assert.equal(openEnvelope(outer, LIMITS), undefined);
});
