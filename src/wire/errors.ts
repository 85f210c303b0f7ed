/**
 * Every failure a caller can see, with its face on each transport.
 *
 * The close code's range tells a client what to do: 4000–4499 connect again,
 * 4500–4999 do not. A device that was not let in is closed with 1000, as by the
 * reference server (COMPAT 3.1). Texts that the reference clients show are in
 * their language (COMPAT 2.1, 2.2); every other text is English.
 *
 * @module
 */

interface ErrorRow {
  /** HTTP status, also of a refused upgrade. */
  readonly status: number;
  /** WebSocket close code, for the failures that end a connection. */
  readonly close?: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly text: string;
}

/** The closed list. README prints it. */
export const ERRORS = {
  bad_json: { status: 400, retryable: false, text: "Invalid JSON" },
  bad_request: { status: 400, retryable: false, text: "Invalid request" },
  unknown_type: {
    status: 400,
    retryable: false,
    text: "Unknown message type",
  },
  message_empty: {
    status: 400,
    retryable: false,
    text: "消息内容不能为空",
  },
  delete_too_late: {
    status: 400,
    retryable: false,
    text: "只能删除5分钟内的消息",
  },
  link_pending: {
    status: 400,
    retryable: false,
    text: "您已有一个正在等待匹配的心动链接请求，请稍后再试或先取消当前请求",
  },
  number_invalid: {
    status: 400,
    retryable: false,
    text: "请输入4位数字",
  },
  file_refused: {
    status: 400,
    retryable: false,
    text: "不支持的文件格式",
  },
  identity_invalid: {
    status: 400,
    close: 1000,
    retryable: false,
    text: "Invalid JSON format for identity",
  },
  identity_missing: {
    status: 400,
    close: 1000,
    retryable: false,
    text: "Missing identity field",
  },
  device_id_missing: {
    status: 400,
    close: 1000,
    retryable: false,
    text: "Missing device_id field",
  },
  identity_timeout: {
    status: 408,
    close: 4016,
    retryable: true,
    text: "No identity came in time",
  },
  binary_refused: {
    status: 400,
    retryable: false,
    text: "Binary frames are not understood here",
  },
  live_id_missing: {
    status: 400,
    retryable: false,
    text: "缺少直播间ID",
  },
  live_id_invalid: {
    status: 400,
    retryable: false,
    text: "Want a live_id of 1 to 50 letters, digits, - or _",
  },
  live_source_unknown: {
    status: 400,
    retryable: false,
    text: "No such live source",
  },
  unauthorized: {
    status: 401,
    retryable: false,
    text: "Unauthorized: Invalid API Key",
  },
  token_invalid: {
    status: 401,
    close: 4506,
    retryable: false,
    text: "Invalid token",
  },
  token_expired: {
    status: 401,
    close: 4401,
    retryable: true,
    text: "Token expired: connect again with a new one",
  },
  login_required: {
    status: 401,
    close: 4501,
    retryable: false,
    text: "请先登录",
  },
  cross_site_refused: {
    status: 403,
    retryable: false,
    text: "This request came from another site",
  },
  not_participant: {
    status: 403,
    close: 4505,
    retryable: false,
    text: "您没有权限访问此聊天室",
  },
  user_muted: {
    status: 403,
    retryable: false,
    text: "You are muted in this room",
  },
  not_author: {
    status: 403,
    retryable: false,
    text: "只能删除自己的消息",
  },
  read_only: {
    status: 403,
    retryable: false,
    text: "Viewers do not write in this room",
  },
  admin_proof_required: {
    status: 403,
    retryable: false,
    text: "An admin's user id needs a token or the API key",
  },
  not_admin: {
    status: 403,
    retryable: false,
    text: "Only an admin of this room may do that",
  },
  origin_refused: { status: 403, retryable: false, text: "Origin not allowed" },
  room_refused: {
    status: 403,
    close: 4507,
    retryable: false,
    text: "This token does not open this room",
  },
  host_refused: {
    status: 403,
    retryable: false,
    text: "Callbacks may not go to this host",
  },
  user_kicked: {
    status: 403,
    close: 4502,
    retryable: false,
    text: "你已被踢出该房间，无法再次加入",
  },
  user_banned: {
    status: 403,
    close: 4503,
    retryable: false,
    text: "你已被踢出该房间，无法再次加入",
  },
  room_not_found: {
    status: 404,
    close: 1000,
    retryable: false,
    text: "Room not found",
  },
  device_not_found: { status: 404, retryable: false, text: "No such device" },
  target_not_found: {
    status: 404,
    retryable: false,
    text: "No such device in this room",
  },
  message_not_found: {
    status: 404,
    retryable: false,
    text: "No such message in this room",
  },
  live_not_found: {
    status: 404,
    retryable: false,
    text: "No such live room here",
  },
  link_not_found: {
    status: 404,
    retryable: false,
    text: "没有找到待处理的请求",
  },
  file_not_found: { status: 404, retryable: false, text: "No such file" },
  endpoint_not_found: {
    status: 404,
    retryable: false,
    text: "No such callback endpoint",
  },
  not_found: { status: 404, retryable: false, text: "Not found" },
  method_not_allowed: {
    status: 405,
    retryable: false,
    text: "Method not allowed",
  },
  room_ended: {
    status: 410,
    close: 4504,
    retryable: false,
    text: "房间已关闭",
  },
  room_followed: {
    status: 410,
    close: 4003,
    retryable: true,
    text: "This room has ended: connect again for another",
  },
  session_replaced: {
    status: 409,
    close: 4500,
    retryable: false,
    text: "The same user connected again",
  },
  limit_reached: {
    status: 409,
    retryable: false,
    text: "This room holds as many of these as it may",
  },
  endpoint_disabled: {
    status: 409,
    retryable: false,
    text: "This endpoint answered 410 and waits to be enabled",
  },
  cursor_expired: {
    status: 410,
    retryable: false,
    text: "What follows this cursor is not kept here: begin without one",
  },
  body_too_large: {
    status: 413,
    retryable: false,
    text: "Request body too large",
  },
  file_too_large: {
    status: 413,
    retryable: false,
    text: "文件大小超出限制",
  },
  frame_too_large: {
    status: 413,
    close: 1009,
    retryable: false,
    text: "Frame too large",
  },
  upgrade_required: {
    status: 426,
    retryable: false,
    text: "Expected a WebSocket upgrade",
  },
  rate_limited: { status: 429, retryable: true, text: "Too many messages" },
  too_many_from_ip: {
    status: 429,
    retryable: true,
    text: "Too many connections from this address",
  },
  internal: {
    status: 500,
    close: 4011,
    retryable: true,
    text: "Internal error",
  },
  live_status_unknown: {
    status: 500,
    retryable: true,
    text: "无法获取直播间状态",
  },
  live_ended: {
    status: 500,
    retryable: true,
    text: "直播间未开播或已结束",
  },
  live_abnormal: {
    status: 500,
    retryable: true,
    text: "直播间状态异常",
  },
  live_links_full: {
    status: 500,
    retryable: true,
    text: "The server keeps as many live links as it may",
  },
  busy: {
    status: 503,
    close: 4013,
    retryable: true,
    text: "The room is busy",
  },
  room_full: {
    status: 503,
    close: 4014,
    retryable: true,
    text: "The room is full",
  },
  too_many_connections: {
    status: 503,
    retryable: true,
    text: "服务器连接数已达上限",
  },
  too_many_rooms: {
    status: 503,
    close: 4015,
    retryable: true,
    text: "The server holds as many rooms as it may",
  },
  storage_unavailable: {
    status: 503,
    close: 4012,
    retryable: true,
    text: "Messages cannot be stored right now",
  },
  disconnected: {
    status: 503,
    close: 4002,
    retryable: true,
    text: "The operator ended this connection",
  },
  shutting_down: {
    status: 503,
    close: 4001,
    retryable: true,
    text: "The server is stopping",
  },
  identity_unavailable: {
    status: 503,
    retryable: true,
    text: "Tokens cannot be checked right now",
  },
  uploads_full: {
    status: 507,
    retryable: true,
    text: "The server keeps as many files as it may",
  },
  slow_consumer: {
    status: 503,
    close: 4008,
    retryable: true,
    text: "Too slow: connect again and resume",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** The row of a code, with the optional columns visible. */
export function errorRow(code: ErrorCode): ErrorRow {
  return ERRORS[code];
}

/** The WebSocket close code of a failure that ends a connection. */
export function closeCodeOf(code: ErrorCode): number {
  return errorRow(code).close ?? 1008;
}

/**
 * A failure that is the caller's to hear.
 *
 * Anything else that is thrown is a bug of ours and shows as `internal`.
 */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    options: { message?: string; retryAfterMs?: number } = {},
  ) {
    super(options.message ?? ERRORS[code].text);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
