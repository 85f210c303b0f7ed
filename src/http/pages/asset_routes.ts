/**
 * Serves assets to browsers.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { etag } from "@hono/hono/etag";
import { ChatError } from "../../wire/errors.ts";
import type { Assets } from "./assets.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

/**
 * `GET /{version}/{name}`. Another version than the present one is a page from
 * before a restart: it gets the present content, and is to ask again.
 */
export function assetRoutes(assets: Assets): Hono {
  const routes = new Hono();
  routes.use(etag());
  routes.get("/:version/:name", (c) => {
    const asset = assets.get(c.req.param("name"));
    if (asset === undefined) throw new ChatError("not_found");
    const isPresent = c.req.param("version") === assets.version;
    return c.body(asset.body, 200, {
      "Content-Type": asset.contentType,
      "Cache-Control": isPresent ? FOR_EVER : "no-cache",
      "ETag": asset.tag,
    });
  });
  return routes;
}
