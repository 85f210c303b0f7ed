/**
 * The address at which a live room is listened to (COMPAT 4.5).
 *
 * @module
 */

import type { Visit } from "./bootstrap.ts";
import {
  AID,
  browserParameters,
  type Parameter,
  queryOf,
} from "./web_client.ts";

/** What the parameters are made of. */
export interface PushUrlParts {
  readonly visit: Visit;
  readonly sdkVersion: string;
  readonly userAgent: string;
  /** An id of the platform's kind, made up. */
  readonly cursorId: string;
  /** Epoch ms. */
  readonly now: number;
}

/** The parameters, without the signature, in the platform's order. */
export function pushParameters(parts: PushUrlParts): readonly Parameter[] {
  const { visit, sdkVersion, userAgent, cursorId, now } = parts;
  return [
    ["app_name", "douyin_web"],
    ["version_code", "180800"],
    ["webcast_sdk_version", sdkVersion],
    ["update_version_code", sdkVersion],
    ["compress", "gzip"],
    ["device_platform", "web"],
    ...browserParameters(userAgent),
    ["browser_online", "true"],
    ["tz_name", "Asia/Shanghai"],
    ["cursor", `d-1_u-1_fh-${cursorId}_t-${now}_r-1`],
    ["internal_ext", internalExt(visit, cursorId, now)],
    ["host", "https://live.douyin.com"],
    ["aid", AID],
    ["live_id", "1"],
    ["did_rule", "3"],
    ["endpoint", "live_pc"],
    ["support_wrds", "1"],
    ["user_unique_id", visit.userUniqueId],
    ["im_path", "/webcast/im/fetch/"],
    ["identity", "audience"],
    ["need_persist_msg_count", "15"],
    ["insert_task_id", ""],
    ["live_reason", ""],
    ["room_id", visit.roomId],
    ["heartbeatDuration", "0"],
  ];
}

/**
 * The address, with the signature at its end.
 *
 * @param signature `undefined` when nothing signs.
 */
export function pushUrl(
  pushUrl: string,
  parameters: readonly Parameter[],
  signature: string | undefined,
): string {
  const signed = signature === undefined
    ? parameters
    : [...parameters, ["signature", signature] as const];
  return `${pushUrl}${pushUrl.includes("?") ? "&" : "?"}${queryOf(signed)}`;
}

function internalExt(visit: Visit, cursorId: string, now: number): string {
  return [
    "internal_src:dim",
    `wss_push_room_id:${visit.roomId}`,
    `wss_push_did:${visit.userUniqueId}`,
    `first_req_ms:${now}`,
    `fetch_time:${now}`,
    "seq:1",
    `wss_info:0-${now}-0-0`,
    `wrds_v:${cursorId}`,
  ].join("|");
}
