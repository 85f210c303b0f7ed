import assert from "node:assert/strict";
import { Hono } from "@hono/hono";
import { assetRoutes } from "../../../src/http/pages/asset_routes.ts";
import { errorResponse } from "../../../src/http/error_response.ts";
import { Assets } from "../../../src/http/pages/assets.ts";
import { RecordingLog } from "../../support/recording_log.ts";

const ASSETS = new Assets({ "a.css": "a {}" });
const APP = new Hono().route("/assets", assetRoutes(ASSETS));
APP.onError((cause, c) => errorResponse(c, cause, new RecordingLog()));

Deno.test("assetRoutes lets a browser keep what has its version", async () => {
  const response = await APP.request(ASSETS.url("a.css"));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "a {}");
  assert.equal(response.headers.get("Content-Type"), "text/css; charset=utf-8");
  assert.match(response.headers.get("Cache-Control") ?? "", /immutable/);
});

Deno.test("assetRoutes has what is asked for by an older version, unkept", async () => {
  const response = await APP.request("/assets/000000000000/a.css");
  assert.equal(await response.text(), "a {}");
  assert.equal(response.headers.get("Cache-Control"), "no-cache");
});

Deno.test("assetRoutes sends nothing again that the browser has", async () => {
  const tag = ASSETS.get("a.css")?.tag ?? "";
  const response = await APP.request(ASSETS.url("a.css"), {
    headers: { "If-None-Match": tag },
  });
  assert.equal(response.status, 304);
  assert.equal(await response.text(), "");
});

Deno.test("assetRoutes has nothing else", async () => {
  const paths = ["b.css", "..%2Fa.css", "__proto__", "constructor"];
  for (const name of paths) {
    const response = await APP.request(`/assets/${ASSETS.version}/${name}`);
    assert.equal(response.status, 404, name);
    await response.body?.cancel();
  }
});
