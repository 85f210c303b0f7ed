/**
 * What came of a request to be matched, as the seed says it (COMPAT 0.4).
 *
 * @module
 */
// deno-lint-ignore-file camelcase

import type { LinkOutcome } from "../../match/link_outcome.ts";

/** The seed's answer, and Parlor's fields behind it. */
export interface LinkBody {
  readonly success: true;
  readonly reconnect?: true;
  readonly matched?: boolean;
  readonly request_id?: string;
  readonly room_id?: string;
  /** The other's user id. */
  readonly matched_user?: string | null;
  readonly message?: string;
  readonly chat_url?: string;
  readonly auto_redirect?: true;
  /** The other's nickname. */
  readonly matched_user_name?: string | null;
}

/** Makes the answer. */
export function linkOutcome(outcome: LinkOutcome): LinkBody {
  switch (outcome.kind) {
    case "reconnect":
      return {
        success: true,
        reconnect: true,
        room_id: outcome.roomId,
        matched_user: outcome.partner?.userId ?? null,
        message: "您已有一个活跃的聊天室，正在为您重连...",
        matched_user_name: outcome.partner?.nickname ?? null,
      };
    case "matched":
      return {
        success: true,
        matched: true,
        request_id: outcome.requestId,
        room_id: outcome.roomId,
        matched_user: outcome.partner.userId,
        chat_url: `/tools/heart_link/chat/${
          encodeURIComponent(outcome.roomId)
        }/`,
        auto_redirect: true,
        matched_user_name: outcome.partner.nickname,
      };
    case "waiting":
      return {
        success: true,
        matched: false,
        request_id: outcome.requestId,
        message: "正在等待匹配...",
      };
  }
}
