import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { addTool } from "../../../src/http/tools/tool_route.ts";
import { toolError } from "../../../src/http/tools/tool_error.ts";
import { silentLog } from "../../../src/base/log.ts";

function newApp(): Hono {
  const group = new Hono();
  addTool(group, "/rooms/:room_id/say", {
    GET: (c) => c.text(`read ${c.req.param("room_id")}`),
    POST: (c) => c.text(`said ${c.req.param("room_id")}`),
  });
  const app = new Hono();
  app.onError((cause, c) => toolError(c, cause, silentLog));
  return app.route("/api", group);
}

for (const path of ["/api/rooms/r1/say", "/api/rooms/r1/say/"]) {
  Deno.test(`addTool answers ${path} by method`, async () => {
    const app = newApp();
    assert.equal(await (await app.request(path)).text(), "read r1");
    const said = await app.request(path, { method: "POST" });
    assert.equal(await said.text(), "said r1");
    const head = await app.request(path, { method: "HEAD" });
    assert.equal(head.status, 200);
  });

  Deno.test(`addTool refuses other methods of ${path}`, async () => {
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await newApp().request(path, { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("Allow"), "GET, POST");
      assert.deepEqual(await response.json(), {
        success: false,
        error: "无效的请求方法",
        code: "method_not_allowed",
      });
    }
  });
}

Deno.test("addTool decodes what a path names", async () => {
  const name = encodeURIComponent("聊天/室 1");
  const response = await newApp().request(`/api/rooms/${name}/say/`);
  assert.equal(await response.text(), "read 聊天/室 1");
});
