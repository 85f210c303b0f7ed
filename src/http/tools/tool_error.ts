/**
 * Every failure of the seed's API as its clients read it (COMPAT 0.4):
 * `{"success": false, "error", "code", …}`, in the seed's words where it has
 * any.
 *
 * @module
 */

// deno-lint-ignore-file camelcase

import type { Context } from "@hono/hono";
import type { ContentfulStatusCode } from "@hono/hono/utils/http-status";
import type { Log } from "../../base/log.ts";
import { ChatError, type ErrorCode } from "../../wire/errors.ts";
import { FolderError } from "../../upload/upload_folder.ts";
import { errorResponse, refusalCode } from "../error_response.ts";

/** What these failures are called here, whoever found them. */
const SEED_TEXTS: Partial<Record<ErrorCode, string>> = {
  bad_json: "无效的JSON格式",
  message_not_found: "消息不存在",
  method_not_allowed: "无效的请求方法",
  rate_limited: "消息发送过于频繁，请稍后再试",
  room_ended: "聊天室已结束",
  room_not_found: "聊天室不存在",
};

/** What a client acts upon, beside the code. */
const SEED_FIELDS: Partial<Record<ErrorCode, object>> = {
  login_required: { redirect_url: "/users/login/" },
  room_ended: { room_ended: true },
};

/** What a route says when it fails for no fault of its caller. */
export interface FailureWords {
  /** Stands before the error's own text. */
  readonly before?: string;
  /** Stands beside the error. */
  readonly message?: string;
}

/** Under which name a request remembers its {@linkcode FailureWords}. */
const WORDS_KEY = "failureWords";

/** Says what this request's failure, if it comes to one, is called. */
export function nameFailure(c: Context, words: FailureWords): void {
  c.set(WORDS_KEY, words);
}

/** Answers with what was thrown, logged once if it is not the caller's. */
export function toolError(c: Context, thrown: unknown, log: Log): Response {
  const cause = thrown instanceof FolderError
    ? diskFailure(thrown, log)
    : thrown;
  const { status } = errorResponse(c, cause, log);
  const code = refusalCode(c) ?? "internal";
  const error = cause instanceof ChatError ? cause : new ChatError(code);
  const words: FailureWords | undefined = c.get(WORDS_KEY);
  const { before = "", message } = status >= 500 ? words ?? {} : {};
  return c.json({
    success: false,
    ...(message === undefined ? {} : { message }),
    error: before + (SEED_TEXTS[code] ?? error.message),
    code,
    ...(error.retryAfterMs === undefined
      ? {}
      : { retry_after_ms: error.retryAfterMs }),
    ...SEED_FIELDS[code],
  }, status as ContentfulStatusCode);
}

function diskFailure({ cause, isFull }: FolderError, log: Log): ChatError {
  const event = "upload_folder_failed";
  log.warn("The folder of uploads could not be used", { event, cause });
  return new ChatError(isFull ? "uploads_full" : "storage_unavailable");
}
