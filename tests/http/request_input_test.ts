import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { z } from "zod";
import {
  readBody,
  readOptionalBody,
  readParam,
  readQuery,
} from "../../src/http/request_input.ts";

function newApp(): Hono {
  const schema = z.strictObject({ name: z.string().optional() });
  const app = new Hono();
  app.onError((error, c) => c.text(error.message, 400));
  app.post("/body", async (c) => c.json(await readBody(c, schema)));
  app.post("/optional", async (c) => c.json(await readOptionalBody(c, schema)));
  app.get(
    "/query",
    (c) => c.json(readQuery(c, z.object({ name: z.string() }))),
  );
  app.get(
    "/param/:name",
    (c) => c.json(readParam(c, "name", z.string().max(2))),
  );
  return app;
}

async function textOf(path: string, body?: string): Promise<string> {
  const init = body === undefined ? {} : { method: "POST", body };
  return await (await newApp().request(path, init)).text();
}

Deno.test("readBody reads JSON whatever the content type says", async () => {
  assert.equal(await textOf("/body", '{"name":"x"}'), '{"name":"x"}');
});

Deno.test("readBody refuses an empty body, readOptionalBody takes it for {}", async () => {
  assert.equal(await textOf("/body", ""), "Invalid JSON");
  assert.equal(await textOf("/optional", ""), "{}");
  assert.equal(await textOf("/optional", " \n"), "{}");
  assert.equal(await textOf("/optional", "{"), "Invalid JSON");
});

Deno.test("readBody takes __proto__ for a name like any other", async () => {
  const answer = await textOf("/body", '{"__proto__":{"name":"x"}}');
  assert.match(answer, /__proto__/);
});

Deno.test("readBody answers a flood of problems in 500 characters", async () => {
  const keys = Array.from({ length: 50 }, (_, index) => `"k${index}":1`);
  const answer = await textOf(
    "/body",
    `{${keys.join(",")},"${"x".repeat(900)}":1}`,
  );
  assert.equal(answer.length, 500);
});

Deno.test("readQuery ignores what it does not know and takes the first of two", async () => {
  const answer = await textOf("/query?name=a&name=b&other=c");
  assert.equal(answer, '{"name":"a"}');
});

Deno.test("readParam names the segment that it refuses", async () => {
  assert.equal(await textOf("/param/%41b"), '"Ab"');
  assert.match(await textOf("/param/abc"), /^Invalid name: /);
});
