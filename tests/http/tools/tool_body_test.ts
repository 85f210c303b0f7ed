import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { z } from "zod";
import { readFields } from "../../../src/http/tools/tool_body.ts";
import { toolError } from "../../../src/http/tools/tool_error.ts";
import { silentLog } from "../../../src/base/log.ts";

const FIELDS = z.object({
  name: z.string().optional(),
  number: z.unknown().optional(),
});

async function read(body: BodyInit | null, type?: string): Promise<Response> {
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, silentLog));
  app.post("/", async (c) => c.json(await readFields(c, FIELDS)));
  return await app.request("/", {
    method: "POST",
    body,
    ...(type === undefined ? {} : { headers: { "Content-Type": type } }),
  });
}

const FORM = "application/x-www-form-urlencoded";

Deno.test("readFields reads JSON whatever it is called", async () => {
  for (const type of ["application/json", "text/plain", undefined]) {
    const response = await read('{"name":"大厅","number":5}', type);
    assert.deepEqual(await response.json(), { name: "大厅", number: 5 });
  }
});

Deno.test("readFields reads both encodings of a form as text", async () => {
  const encoded = await read("name=%E5%A4%A7%E5%8E%85&number=5&name=b", FORM);
  assert.deepEqual(await encoded.json(), { name: "b", number: "5" });
  const form = new FormData();
  form.set("name", "大厅");
  form.set("number", "5");
  assert.deepEqual(await (await read(form)).json(), {
    name: "大厅",
    number: "5",
  });
});

Deno.test("readFields takes no body for no fields", async () => {
  for (const [body, type] of [[null], ["  "], ["", FORM]] as const) {
    assert.deepEqual(await (await read(body, type)).json(), {});
  }
});

Deno.test("readFields refuses what is no fields", async () => {
  const refusals: [BodyInit, string | undefined, number, string][] = [
    ["{", undefined, 400, "bad_json"],
    ["[1]", undefined, 400, "bad_request"],
    ['{"name":7}', undefined, 400, "bad_request"],
    [new Uint8Array([0xff]), undefined, 400, "bad_json"],
    ["no boundary", "multipart/form-data", 400, "bad_request"],
    ["x".repeat(2 ** 20 + 1), undefined, 413, "body_too_large"],
  ];
  for (const [body, type, status, code] of refusals) {
    const response = await read(body, type);
    assert.equal(response.status, status);
    assert.equal((await response.json()).code, code);
  }
});
