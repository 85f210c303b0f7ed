/**
 * Being matched with whoever names the same four digits.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import { z } from "zod";
import { ChatError } from "../../wire/errors.ts";
import { linkOutcome } from "./link_body.ts";
import { matchableOf } from "./matchable.ts";
import { userOf } from "./session_gate.ts";
import { readFields } from "./tool_body.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";
import { UserPace } from "./user_pace.ts";

// What it must be is said in the seed's words, not in a schema's.
const BODY = z.object({ number: z.unknown().optional() });

/** `number-match` and `number-match/cancel`. */
export function numberMatchRoutes(
  { clock, links }: Pick<ToolsDeps, "clock" | "links">,
): Hono {
  const app = new Hono();
  const pace = new UserPace(clock);
  addTool(app, "/number-match", {
    POST: async (c) => {
      const { number } = await readFields(c, BODY);
      const digits = digitsOf(number);
      const user = matchableOf(userOf(c), pace);
      const outcome = await links.requestNumber(user, digits);
      return c.json(linkOutcome(outcome));
    },
  });
  addTool(app, "/number-match/cancel", {
    POST: async (c) => {
      const count = await links.cancel(userOf(c).userId, "number");
      if (count === 0) throw new ChatError("link_not_found");
      return c.json({ success: true, message: `已取消 ${count} 个匹配请求` });
    },
  });
  return app;
}

/** @throws {ChatError} `number_invalid`. */
function digitsOf(number: unknown): string {
  const text = typeof number === "number" ? String(number) : number;
  if (typeof text === "string" && /^\d{4}$/.test(text.trim())) {
    return text.trim();
  }
  throw new ChatError("number_invalid");
}
