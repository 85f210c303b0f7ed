/**
 * What a page is made for: its visitor, their language, and where it is.
 *
 * @module
 */

import type { Context } from "@hono/hono";
import type { PageSession } from "../../identity/page_session.ts";
import { pageUserOf } from "../tools/session_gate.ts";
import type { Assets } from "./assets.ts";
import { type Speech, speechOf } from "./language.ts";
import type { PageDeps } from "./page_deps.ts";

/** What every page's frame shows. */
export interface PageRequest extends Speech {
  readonly assets: Assets;
  /** When the page was made, in epoch ms of the server's clock. */
  readonly now: number;
  /** The page's own path and query, to come back to. */
  readonly path: string;
  /** `undefined` is a visitor who has not logged in. */
  readonly user: PageSession | undefined;
}

/** The ports, and what pages share beside them. */
export type PageParts = PageDeps & {
  readonly assets: Assets;
};

/** Reads it from a request. */
export async function pageRequest(
  c: Context,
  parts: PageParts,
): Promise<PageRequest> {
  const url = new URL(c.req.url);
  url.searchParams.delete("token");
  return {
    ...speechOf(c),
    assets: parts.assets,
    now: parts.clock.now(),
    path: `${url.pathname}${url.search}`,
    user: await pageUserOf(c, parts),
  };
}
