/**
 * What the reference logs and warns of, in its own words.
 *
 * Operators of the reference watch for these lines, so they stay as they are.
 *
 * @module
 */

/** Logged when the supervisor is started. */
export const STARTED_TEXT = "持久化连接管理器已启动";

/** Logged when a connection is open. */
export const OPENED_TEXT = "WebSocket连接成功，开始接收直播间消息";

/** Logged when a link begins to connect. */
export function connectingText(liveId: string): string {
  return `开始连接直播间 ${liveId}`;
}

/** Logged when a link tries again; `attempt` is 1 for the first. */
export function brokenText(liveId: string, attempt: number): string {
  return `检测到直播间 ${liveId} 连接断开，尝试重连（第 ${attempt} 次）`;
}

/** Logged when a message comes after failed attempts. */
export function restoredText(liveId: string): string {
  return `直播间 ${liveId} 连接已恢复正常`;
}

/** Logged, and shown as the warning, once per silence. */
export function silentText(liveId: string): string {
  return `直播间 ${liveId} 超过60秒未收到消息，可能连接异常`;
}

/** Why a room was not started: the platform has it in another state. */
export function abnormalText(code: number): string {
  return `直播间状态异常: ${code}`;
}
