/**
 * One path of the seed's API: with and without its last slash, and 405 for
 * every method that it does not know.
 *
 * The seed's own clients ask with the slash; proxies and people leave it out.
 *
 * @module
 */

import type { Handler, Hono } from "@hono/hono";
import { ChatError } from "../../wire/errors.ts";

/** What answers a path, by method. */
export interface Methods {
  readonly GET?: Handler;
  readonly POST?: Handler;
}

/** Adds a path, written without its last slash. */
export function addTool(app: Hono, path: string, methods: Methods): void {
  const allowed = Object.keys(methods).join(", ");
  const refuse: Handler = (c) => {
    c.header("Allow", allowed);
    throw new ChatError("method_not_allowed");
  };
  for (const one of [path, `${path}/`]) {
    for (const [method, handler] of Object.entries(methods)) {
      app.on(method, one, handler);
    }
    app.all(one, refuse);
  }
}
