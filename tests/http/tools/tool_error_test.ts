import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { refusalCode } from "../../../src/http/error_response.ts";
import { nameFailure, toolError } from "../../../src/http/tools/tool_error.ts";
import { StoreError } from "../../../src/store/store.ts";
import { FolderError } from "../../../src/upload/upload_folder.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import { RecordingLog } from "../../support/recording_log.ts";

/** What a request is answered that fails so. */
async function answerTo(
  cause: Error,
  words: Parameters<typeof nameFailure>[1] = {},
) {
  const log = new RecordingLog();
  const app = new Hono();
  const codes: unknown[] = [];
  app.use(async (c, next) => {
    await next();
    codes.push(refusalCode(c));
  });
  app.onError((error, c) => toolError(c, error, log));
  app.get("/", (c) => {
    nameFailure(c, words);
    throw cause;
  });
  const response = await app.request("/");
  const { status, headers } = response;
  return { status, headers, body: await response.json(), log, codes };
}

Deno.test("toolError says a refusal in the seed's shape and counts it", async () => {
  const { status, body, codes, log } = await answerTo(
    new ChatError("not_author"),
  );
  assert.equal(status, 403);
  assert.deepEqual(body, {
    success: false,
    error: "只能删除自己的消息",
    code: "not_author",
  });
  assert.deepEqual(codes, ["not_author"]);
  assert.deepEqual(log.lines, []);
});

Deno.test("toolError says in the seed's words what has other words elsewhere", async () => {
  const { body } = await answerTo(
    new ChatError("room_not_found", { message: "Room r1 not found" }),
  );
  assert.equal(body.error, "聊天室不存在");
  const ended = await answerTo(new ChatError("room_ended"));
  assert.equal(ended.status, 410);
  assert.deepEqual(ended.body, {
    success: false,
    error: "聊天室已结束",
    code: "room_ended",
    room_ended: true,
  });
});

Deno.test("toolError says when to try again", async () => {
  const { status, body, headers } = await answerTo(
    new ChatError("rate_limited", { retryAfterMs: 600 }),
  );
  assert.equal(status, 429);
  assert.equal(headers.get("Retry-After"), "1");
  assert.deepEqual(body, {
    success: false,
    error: "消息发送过于频繁，请稍后再试",
    code: "rate_limited",
    retry_after_ms: 600,
  });
});

Deno.test("toolError shows nothing of a bug or of the database", async () => {
  const bug = await answerTo(new Error("at /srv/secret.ts"));
  assert.equal(bug.status, 500);
  assert.deepEqual(bug.body, {
    success: false,
    error: "Internal error",
    code: "internal",
  });
  assert.equal(bug.log.lines[0]?.fields["event"], "http_request_failed");
  const store = await answerTo(new StoreError("io", "The database failed"));
  assert.equal(store.status, 503);
  assert.equal(store.body.code, "storage_unavailable");
});

Deno.test("toolError names a failure as its route does", async () => {
  const words = { before: "创建失败: ", message: "失败" };
  const failed = await answerTo(new Error("x"), words);
  assert.deepEqual(failed.body, {
    success: false,
    message: "失败",
    error: "创建失败: Internal error",
    code: "internal",
  });
  const refused = await answerTo(new ChatError("link_pending"), words);
  assert.deepEqual(Object.keys(refused.body), ["success", "error", "code"]);
});

Deno.test("toolError says why the disk took no file, and not where", async () => {
  const cause = new Error("at /srv/uploads");
  for (
    const [isFull, status, code] of [
      [true, 507, "uploads_full"],
      [false, 503, "storage_unavailable"],
    ] as const
  ) {
    const failed = await answerTo(new FolderError("x", { isFull, cause }));
    assert.equal(failed.status, status);
    assert.equal(failed.body.code, code);
    assert(!JSON.stringify(failed.body).includes("/srv"));
    assert.equal(failed.log.lines.length, 1);
  }
});
