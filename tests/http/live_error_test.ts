import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { refusalCode } from "../../src/http/error_response.ts";
import { failAs, liveError } from "../../src/http/live_error.ts";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { RecordingLog } from "../support/recording_log.ts";

/** What a request is answered that fails so. */
async function answerTo(cause: Error, before?: string) {
  const log = new RecordingLog();
  const app = new Hono();
  const codes: unknown[] = [];
  app.use(async (c, next) => {
    await next();
    codes.push(refusalCode(c));
  });
  app.onError((error, c) => liveError(c, error, log));
  app.get("/", (c) => {
    if (before !== undefined) failAs(c, before);
    throw cause;
  });
  const response = await app.request("/");
  const { status, headers } = response;
  return { status, headers, body: await response.json(), log, codes };
}

Deno.test("liveError says a refusal in the reference's shape, and remembers its code", async () => {
  const { status, body, codes, log } = await answerTo(
    new ChatError("live_ended"),
  );
  assert.equal(status, 500);
  assert.deepEqual(body, {
    success: false,
    message: "直播间未开播或已结束",
    code: "live_ended",
  });
  assert.deepEqual(codes, ["live_ended"]);
  assert.deepEqual(log.lines, []);
});

Deno.test("liveError puts what failed before the reason", async () => {
  const { body } = await answerTo(new ChatError("live_ended"), "启动失败: ");
  assert.equal(body.message, "启动失败: 直播间未开播或已结束");
});

Deno.test("liveError says that an unknown room does not exist", async () => {
  const { status, body } = await answerTo(new ChatError("live_not_found"));
  assert.equal(status, 404);
  assert.deepEqual(body, {
    success: false,
    exists: false,
    message: "No such live room here",
    code: "live_not_found",
  });
});

Deno.test("liveError says when to come back", async () => {
  const { headers, body } = await answerTo(
    new ChatError("busy", { retryAfterMs: 1001 }),
  );
  assert.equal(headers.get("Retry-After"), "2");
  assert.equal(body.retry_after_ms, 1001);
});

Deno.test("liveError keeps the words of a database and of a bug to the log", async () => {
  const failures = [
    [new StoreError("io", "/secret/path"), 503, "storage_unavailable"],
    [new Error("at /secret/path"), 500, "internal"],
  ] as const;
  for (const [cause, status, code] of failures) {
    const answer = await answerTo(cause, "停止失败: ");
    assert.equal(answer.status, status);
    assert.equal(answer.body.code, code);
    assert(!JSON.stringify(answer.body).includes("secret"));
    assert.equal(answer.log.lines.length, 1);
  }
});
