/**
 * Being matched with somebody who waits too.
 *
 * @module
 */

import { Hono } from "@hono/hono";
import type { LinkView } from "../../match/link_view.ts";
import { ChatError } from "../../wire/errors.ts";
import { linkOutcome } from "./link_body.ts";
import { isoTime } from "./iso_time.ts";
import { matchableOf } from "./matchable.ts";
import { userOf } from "./session_gate.ts";
import { nameFailure } from "./tool_error.ts";
import { addTool } from "./tool_route.ts";
import type { ToolsDeps } from "./tools_deps.ts";
import { UserPace } from "./user_pace.ts";

/** `heart_link/create`, `…/status` and `…/cancel`. */
export function heartLinkRoutes(
  { clock, links }: Pick<ToolsDeps, "clock" | "links">,
): Hono {
  const app = new Hono();
  const pace = new UserPace(clock);
  addTool(app, "/heart_link/create", {
    POST: async (c) => {
      nameFailure(c, { before: "创建心动链接请求失败: " });
      const user = matchableOf(userOf(c), pace);
      return c.json(linkOutcome(await links.request(user)));
    },
  });
  addTool(app, "/heart_link/status", {
    GET: async (c) => {
      const view = await links.status(userOf(c).userId);
      return c.json({ success: true, ...statusBody(view) });
    },
  });
  addTool(app, "/heart_link/cancel", {
    POST: async (c) => {
      const count = await links.cancel(userOf(c).userId, "anyone");
      if (count === 0) throw new ChatError("link_not_found");
      return c.json({ success: true, message: `已取消 ${count} 个匹配请求` });
    },
  });
  return app;
}

function statusBody(view: LinkView) {
  switch (view.status) {
    case "not_found":
      return { status: view.status, message: "没有找到请求记录" };
    case "pending":
      return {
        status: view.status,
        message: "正在等待匹配...",
        ...(view.warningMinutes === null
          ? {}
          : { warning: warningText(view.warningMinutes) }),
        request_id: view.requestId,
        created_at: isoTime(view.createdAt),
        expires_at: isoTime(view.expiresAt),
        expires_in_ms: Math.ceil(view.leftMs),
      };
    case "matched":
      return {
        status: view.status,
        room_id: view.roomId,
        matched_user: view.partner.userId,
        matched_user_name: view.partner.nickname,
        request_id: view.requestId,
        matched_at: isoTime(view.matchedAt),
      };
    case "expired":
      return {
        status: view.status,
        message: "请求已过期",
        request_id: view.requestId,
      };
    case "cancelled":
      return {
        status: view.status,
        message: "请求已取消",
        request_id: view.requestId,
      };
  }
}

function warningText(minutes: number): string {
  return `您的匹配请求将在 ${minutes} 分钟后过期，请保持在线状态`;
}
