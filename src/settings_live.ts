/**
 * The settings of live rooms.
 *
 * @module
 */

import {
  callbackUrl,
  flag,
  httpUrl,
  integer,
  line,
  path,
  share,
  socketUrl,
} from "./setting.ts";

/** Rows of the table of settings. */
export const LIVE_FIELDS = {
  LIVE_DEFAULT_SOURCE: line(
    "douyin",
    "The source of a live room that is started without one",
  ),
  LIVE_SOURCES_FILE: path(
    "unset: no source but douyin",
    "A JSON file with sources of your own",
  ),
  LIVE_MAX_LINKS: integer(
    200,
    [1, 10_000],
    "Live rooms that are kept connected at a time",
  ),
  LIVE_BACKOFF_JITTER: share(
    0.1,
    "The share of a wait before reconnecting that chance adds or takes off",
  ),
  LIVE_STALL_SECONDS: integer(
    120,
    [0, 86_400],
    "Seconds without a message after which a link is cut; 0 only warns",
  ),
  LIVE_PING_SECONDS: integer(
    20,
    [0, 3600],
    "Seconds between pings to a source; 0 is none",
  ),
  LIVE_FOLLOW: flag(
    false,
    "Whether a live room that is over is looked at every 60 s until it is live",
  ),
  LIVE_PUBLIC: flag(
    false,
    "Whether anybody may start and stop live rooms",
  ),
  LIVE_CHAT: flag(
    false,
    "Whether viewers of a live room may write in it",
  ),
  LIVE_ROOM_TTL_MINUTES: integer(
    1440,
    [0, 525_600],
    "Minutes after which a stopped live room that nobody watches ends; 0 is never",
  ),
  DOUYIN_PAGE_URL: httpUrl(
    "https://live.douyin.com",
    "Where the pages and states of douyin's live rooms are",
  ),
  DOUYIN_PUSH_URL: socketUrl(
    "wss://webcast100-ws-web-lq.douyin.com/webcast/im/push/v2/",
    "Where douyin's live rooms are listened to",
  ),
  DOUYIN_SDK_VERSION: line(
    "1.0.14-beta.0",
    "The version of the web client that douyin is told",
  ),
  DOUYIN_USER_AGENT: line(
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "The browser that douyin is told",
  ),
  DOUYIN_SIGNER_URL: callbackUrl(
    "A service that signs for douyin: it is sent the md5 and answers the signature",
  ),
};
