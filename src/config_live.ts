/**
 * The part of the configuration that live rooms take.
 *
 * @module
 */

import type { Settings } from "./settings.ts";

/** What links to the outside go by. */
export interface LiveConfig {
  readonly defaultSource: string;
  /** `undefined`: no source of the operator's own. */
  readonly sourcesFile: string | undefined;
  readonly linksMax: number;
  /** The share of a wait that chance adds or takes off, 0 to 1. */
  readonly backoffJitter: number;
  /** 0 is never. */
  readonly stallMs: number;
  /** 0 is none. */
  readonly pingMs: number;
  readonly isFollowing: boolean;
  readonly isPublic: boolean;
  readonly isChatOpen: boolean;
  /** 0 is never. */
  readonly roomTtlMs: number;
  readonly douyin: DouyinConfig;
}

/** What the platform changes now and then. */
export interface DouyinConfig {
  /** Without a slash at its end. */
  readonly pageUrl: string;
  readonly pushUrl: string;
  readonly sdkVersion: string;
  readonly userAgent: string;
  /** `undefined`: nothing is signed. */
  readonly signerUrl: string | undefined;
}

/** The group of live rooms. */
export function toLive(settings: Settings): LiveConfig {
  return {
    defaultSource: settings.LIVE_DEFAULT_SOURCE,
    sourcesFile: settings.LIVE_SOURCES_FILE,
    linksMax: settings.LIVE_MAX_LINKS,
    backoffJitter: settings.LIVE_BACKOFF_JITTER,
    stallMs: settings.LIVE_STALL_SECONDS * 1000,
    pingMs: settings.LIVE_PING_SECONDS * 1000,
    isFollowing: settings.LIVE_FOLLOW,
    isPublic: settings.LIVE_PUBLIC,
    isChatOpen: settings.LIVE_CHAT,
    roomTtlMs: settings.LIVE_ROOM_TTL_MINUTES * 60_000,
    douyin: {
      pageUrl: settings.DOUYIN_PAGE_URL ?? "https://live.douyin.com",
      pushUrl: settings.DOUYIN_PUSH_URL,
      sdkVersion: settings.DOUYIN_SDK_VERSION,
      userAgent: settings.DOUYIN_USER_AGENT,
      signerUrl: settings.DOUYIN_SIGNER_URL,
    },
  };
}
