import assert from "node:assert/strict";
import { StoreError } from "../../src/store/store.ts";
import { ChatError } from "../../src/wire/errors.ts";
import { assertJson, newTestHttp } from "../support/test_http.ts";

async function refusalOf(refusal: Error) {
  const http = newTestHttp();
  http.rooms.open("r1").refusal = refusal;
  const response = await http.ask("/management/rooms/r1?token=secret", {
    method: "DELETE",
  });
  return { response, ...http };
}

Deno.test("errorResponse shows a ChatError with the status of its row", async () => {
  const { response, log } = await refusalOf(new ChatError("room_ended"));
  await assertJson(response, 410, { error: "房间已关闭", code: "room_ended" });
  assert.equal(response.headers.get("Retry-After"), null);
  assert.deepEqual(log.texts, []);
});

Deno.test("errorResponse says when to try again, in whole seconds in the header", async () => {
  const busy = new ChatError("busy", { retryAfterMs: 1001 });
  const { response } = await refusalOf(busy);
  await assertJson(response, 503, {
    error: "The room is busy",
    code: "busy",
    retry_after_ms: 1001,
  });
  assert.equal(response.headers.get("Retry-After"), "2");
});

Deno.test("errorResponse hides the database's words and logs the failure", async () => {
  const error = new StoreError("full", "INSERT INTO /secret/path.db");
  const { response, log } = await refusalOf(error);
  await assertJson(response, 503, {
    error: "Messages cannot be stored right now",
    code: "storage_unavailable",
  });
  assert.deepEqual(log.texts, [
    "warn The database could not answer a request",
  ]);
  assert.equal(log.lines[0]?.fields.failure, "full");
});

Deno.test("errorResponse hides a bug, logs it once and never logs the query", async () => {
  const { response, log, metrics } = await refusalOf(
    new TypeError("x is not a function at /secret/path"),
  );
  await assertJson(response, 500, {
    error: "Internal error",
    code: "internal",
  });
  assert.deepEqual(log.texts, ["error A request ended in a bug"]);
  const fields = JSON.stringify(log.lines[0]?.fields);
  assert.match(fields, /x is not a function/);
  assert.doesNotMatch(fields, /token=secret/);
  assert.match(
    (await metrics.text()).body,
    /refusals_total\{code="internal"\} 1/,
  );
});
