// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  ChatError,
  closeCodeOf,
  type ErrorCode,
  errorRow,
  ERRORS,
} from "../../src/wire/errors.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];

/** The code that WebSocket itself has for a frame that is too large. */
const TOO_LARGE = 1009;
/** How the reference server ends the stay of a device that it lets not in. */
const NORMAL = 1000;
const STANDARD = [TOO_LARGE, NORMAL];

/** Failures that pass though no server was in trouble: the caller goes on. */
const PASSING = ["token_expired", "identity_timeout", "room_followed"];

function closing(): { code: ErrorCode; close: number; retryable: boolean }[] {
  return CODES.flatMap((code) => {
    const { close, retryable } = errorRow(code);
    return close === undefined ? [] : [{ code, close, retryable }];
  });
}

Deno.test("ERRORS tells by the close code whether to connect again", () => {
  const rows = closing().filter(({ close }) => !STANDARD.includes(close));
  assert(rows.length >= 10);
  for (const { code, close, retryable } of rows) {
    const [least, most] = retryable ? [4000, 4499] : [4500, 4999];
    assert(close >= least && close <= most, `${code} closes with ${close}`);
  }
});

Deno.test("ERRORS has a close code for each way that a stay ends", () => {
  const ways: Partial<Record<ErrorCode, number>> = {
    shutting_down: 4001,
    disconnected: 4002,
    room_followed: 4003,
    slow_consumer: 4008,
    internal: 4011,
    storage_unavailable: 4012,
    busy: 4013,
    room_full: 4014,
    too_many_rooms: 4015,
    identity_timeout: 4016,
    token_expired: 4401,
    session_replaced: 4500,
    login_required: 4501,
    user_kicked: 4502,
    user_banned: 4503,
    room_ended: 4504,
    not_participant: 4505,
    token_invalid: 4506,
    room_refused: 4507,
    frame_too_large: TOO_LARGE,
    identity_invalid: NORMAL,
    identity_missing: NORMAL,
    device_id_missing: NORMAL,
    room_not_found: NORMAL,
  };
  const shown = closing().map(({ code, close }) => [code, close]);
  assert.deepEqual(Object.fromEntries(shown), ways);
});

Deno.test("ERRORS gives no two meanings to a close code", () => {
  const closes = closing().map(({ close }) => close)
    .filter((close) => close !== NORMAL);
  assert.deepEqual([...new Set(closes)], closes);
});

Deno.test("ERRORS has an HTTP error status in each row", () => {
  for (const code of CODES) {
    const { status } = errorRow(code);
    assert(status >= 400 && status < 600, `${code} is ${status}`);
  }
});

Deno.test("ERRORS says that a server's own trouble passes", () => {
  for (const code of CODES) {
    const { status, retryable } = errorRow(code);
    const isPassing = status >= 500 || status === 429 ||
      PASSING.includes(code);
    assert.equal(retryable, isPassing, code);
  }
});

Deno.test("ERRORS speaks as the reference server where its clients show it", () => {
  assert.equal(ERRORS.room_ended.text, "房间已关闭");
  assert.equal(ERRORS.user_banned.text, "你已被踢出该房间，无法再次加入");
  assert.equal(ERRORS.user_kicked.text, ERRORS.user_banned.text);
  assert.equal(ERRORS.too_many_connections.text, "服务器连接数已达上限");
  assert.equal(ERRORS.login_required.text, "请先登录");
  assert.equal(ERRORS.message_empty.text, "消息内容不能为空");
  assert.equal(ERRORS.delete_too_late.text, "只能删除5分钟内的消息");
  assert.equal(ERRORS.link_not_found.text, "没有找到待处理的请求");
  assert.equal(ERRORS.number_invalid.text, "请输入4位数字");
  assert.equal(ERRORS.unauthorized.text, "Unauthorized: Invalid API Key");
  assert.equal(ERRORS.identity_missing.text, "Missing identity field");
  assert.equal(ERRORS.device_id_missing.text, "Missing device_id field");
  assert.equal(
    ERRORS.identity_invalid.text,
    "Invalid JSON format for identity",
  );
});

Deno.test("ERRORS has codes that fit a close frame's reason", () => {
  for (const code of CODES) {
    assert.match(code, /^[a-z_]{1,40}$/);
    assert(errorRow(code).text.length > 0);
  }
});

Deno.test("closeCodeOf gives the row's code, or that of a policy", () => {
  assert.equal(closeCodeOf("user_kicked"), 4502);
  assert.equal(closeCodeOf("not_admin"), 1008);
});

Deno.test("ChatError takes its text from the table unless told another", () => {
  const plain = new ChatError("busy", { retryAfterMs: 1000 });
  assert.equal(plain.message, ERRORS.busy.text);
  assert.equal(plain.code, "busy");
  assert.equal(plain.retryAfterMs, 1000);
  const own = new ChatError("room_not_found", { message: "Room x not found" });
  assert.equal(own.message, "Room x not found");
  assert.equal(own.retryAfterMs, undefined);
  assert(own instanceof Error);
});
