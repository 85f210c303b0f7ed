import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { newSigner } from "../../src/callback/signer.ts";

const RAW = "a secret of a receiver";
const BASE64 = `whsec_${btoa("0123456789abcdefghijklmn")}`;
const BODY = JSON.stringify({ event_type: "Test", name: "房间" });

function accepts(webhook: Webhook, headers: Record<string, string>): boolean {
  try {
    webhook.verify(BODY, headers);
    return true;
  } catch {
    return false;
  }
}

Deno.test("newSigner signs so that the library accepts, raw or base64", () => {
  const now = Date.now();
  const raw = newSigner([RAW])("joined_1", now, BODY);
  const base64 = newSigner([BASE64])("joined_1", now, BODY);
  assert(accepts(new Webhook(RAW, { format: "raw" }), raw));
  assert(accepts(new Webhook(BASE64), base64));
  assert(!accepts(new Webhook(BASE64), raw));
});

Deno.test("newSigner names the instant of the attempt in whole seconds", () => {
  const sign = newSigner([RAW]);
  const headers = sign("chat_room_1", 1_700_000_000_999, BODY);
  assert.equal(headers["webhook-id"], "chat_room_1");
  assert.equal(headers["webhook-timestamp"], "1700000000");
  const later = sign("chat_room_1", 1_700_000_001_000, BODY);
  assert.notEqual(headers["webhook-signature"], later["webhook-signature"]);
});

Deno.test("newSigner with two secrets is accepted by who knows either", () => {
  const headers = newSigner([RAW, BASE64])("entry_1", Date.now(), BODY);
  const signatures = headers["webhook-signature"]?.split(" ");
  assert.equal(signatures?.length, 2);
  assert(accepts(new Webhook(RAW, { format: "raw" }), headers));
  assert(accepts(new Webhook(BASE64), headers));
  const stranger = new Webhook("a secret of nobody", { format: "raw" });
  assert(!accepts(stranger, headers));
});

Deno.test("newSigner binds the signature to id and body", () => {
  const headers = newSigner([RAW])("entry_1", Date.now(), BODY);
  const webhook = new Webhook(RAW, { format: "raw" });
  assert(!accepts(webhook, { ...headers, "webhook-id": "entry_2" }));
  assert.throws(() => webhook.verify(`${BODY} `, headers));
});

Deno.test("newSigner only names when there is no secret", () => {
  assert.deepEqual(newSigner([])("left_1", 5000, BODY), {
    "webhook-id": "left_1",
    "webhook-timestamp": "5",
  });
});
