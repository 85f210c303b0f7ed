/**
 * What the routes of live rooms say, in the reference's words (COMPAT 4.2)
 * where it has any.
 *
 * @module
 */

/** Nothing came that could allow it. */
export const NO_CREDENTIAL_TEXT = "未提供认证令牌";

/** What came is neither the key nor a token that counts. */
export const BAD_CREDENTIAL_TEXT = "无效的用户令牌";

/** Before the reason why a live room was not started. */
export const START_FAILED_TEXT = "启动失败: ";

/** Before the reason why a live room was not stopped. */
export const STOP_FAILED_TEXT = "停止失败: ";

/** Before the reason why a live room was not tried again. */
export const RETRY_FAILED_TEXT = "重试失败: ";

/** A live room is listened to from now on. */
export function startedText(liveId: string): string {
  return `成功开始监听直播间 ${liveId}`;
}

/** A live room was listened to before. */
export function runningText(liveId: string): string {
  return `直播间 ${liveId} 已在监听中`;
}

/** A live room is not listened to, whether it was or not. */
export function stoppedText(liveId: string): string {
  return `已停止监听直播间 ${liveId}`;
}

/** A live room is tried again now. */
export function retriedText(liveId: string): string {
  return `正在重新连接直播间 ${liveId}`;
}
