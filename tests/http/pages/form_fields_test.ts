import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { errorResponse } from "../../../src/http/error_response.ts";
import {
  FORM_BYTES_MAX,
  formFields,
} from "../../../src/http/pages/form_fields.ts";
import { RecordingLog } from "../../support/recording_log.ts";

async function read(body: string, type = "application/x-www-form-urlencoded") {
  const app = new Hono();
  app.onError((cause, c) => errorResponse(c, cause, new RecordingLog()));
  app.post("/", async (c) => c.json(await formFields(c)));
  return await app.request("/", {
    method: "POST",
    body,
    headers: { "Content-Type": type },
  });
}

Deno.test("formFields reads texts by name, the last of two", async () => {
  const response = await read("a=1&b=%E4%BD%A0+x&a=2");
  assert.deepEqual(await response.json(), { a: "2", b: "你 x" });
});

Deno.test("formFields reads up to its bound", async () => {
  const fitting = await read(`a=${"x".repeat(FORM_BYTES_MAX - 2)}`);
  assert.equal(fitting.status, 200);
  await fitting.body?.cancel();
  const larger = await read(`a=${"x".repeat(FORM_BYTES_MAX - 1)}`);
  assert.equal(larger.status, 413);
  await larger.body?.cancel();
});

Deno.test("formFields refuses what is no form of a page", async () => {
  const response = await read('{"a":1}', "application/json");
  assert.equal(response.status, 400);
  await response.body?.cancel();
});
