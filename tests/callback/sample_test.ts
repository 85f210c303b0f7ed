import assert from "node:assert/strict";
import { SystemClock } from "../../src/base/clock.ts";
import { systemIds } from "../../src/base/ids.ts";
import { newPost } from "../../src/callback/post.ts";
import { newSendSample, type SendSample } from "../../src/callback/sample.ts";
import { newSigner } from "../../src/callback/signer.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { CallbackReceiver } from "../support/callback_receiver.ts";

const SECRET = "a secret of a receiver";
const SIGNAL = new AbortController().signal;

function newSample(allowedHosts: readonly string[] = []): SendSample {
  const clock = new SystemClock();
  const post = newPost({
    fetch,
    clock,
    sign: newSigner([SECRET]),
    timeoutMs: 30_000,
    userAgent: "Parlor/0.1.0",
    allowedHosts,
  });
  return newSendSample({ post, clock, ids: systemIds, allowedHosts });
}

Deno.test("newSendSample sends a signed event of type Test and shows what came back", async () => {
  await using receiver = CallbackReceiver.start({ secret: SECRET });
  const result = await newSample()(receiver.url(), SIGNAL);
  const { milliseconds, ...rest } = result;
  assert.deepEqual(rest, {
    ok: true,
    status: 200,
    error: "",
    response: '{"status":"success","message":"Test received"}',
  });
  assert(Number.isInteger(milliseconds) && milliseconds >= 0);
  const { body, isSigned, id } = await receiver.take();
  assert.equal(isSigned, true);
  assert.match(id, /^test_[\w-]+$/);
  const { timestamp, message, ...facts } = body;
  assert.deepEqual(facts, { event_type: "Test", room_id: "test" });
  assert.equal(typeof message, "string");
  assert(Math.abs(Number(timestamp) - Date.now() / 1000) < 60);
});

Deno.test("newSendSample gives each sample an id of its own", async () => {
  await using receiver = CallbackReceiver.start({ secret: SECRET });
  const send = newSample();
  await send(receiver.url(), SIGNAL);
  await send(receiver.url(), SIGNAL);
  assert.equal(receiver.effects.length, 2);
});

Deno.test("newSendSample tells of a failure and does not try again", async () => {
  await using receiver = CallbackReceiver.start({ secret: SECRET });
  receiver.failWith({ kind: "status", status: 503 });
  const result = await newSample()(receiver.url(), SIGNAL);
  assert.equal(result.ok, false);
  assert.equal(result.status, 503);
  assert.equal(result.error, "HTTP 503");
  assert.equal(result.response, '{"error":"Told to answer 503"}');
  assert.equal(receiver.deliveries.length, 1);
});

Deno.test("newSendSample refuses a host that is not allowed", async () => {
  await using receiver = CallbackReceiver.start({ secret: SECRET });
  const sending = newSample(["hooks.example.com"])(receiver.url(), SIGNAL);
  await assert.rejects(
    sending,
    (error) => error instanceof ChatError && error.code === "host_refused",
  );
  assert.equal(receiver.deliveries.length, 0);
});
