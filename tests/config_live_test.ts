import assert from "node:assert/strict";
import { readConfig } from "../src/config.ts";

Deno.test("toLive has the platform's defaults, and times in ms", () => {
  const { live } = readConfig({});
  const { douyin, ...rest } = live;
  assert.deepEqual(rest, {
    defaultSource: "douyin",
    sourcesFile: undefined,
    linksMax: 200,
    backoffJitter: 0.1,
    stallMs: 120_000,
    pingMs: 20_000,
    isFollowing: false,
    isPublic: false,
    isChatOpen: false,
    roomTtlMs: 86_400_000,
  });
  assert.equal(douyin.pageUrl, "https://live.douyin.com");
  assert.match(douyin.pushUrl, /^wss:.*\/webcast\/im\/push\/v2\/$/);
  assert.equal(douyin.sdkVersion, "1.0.14-beta.0");
  assert.equal(douyin.signerUrl, undefined);
});

Deno.test("toLive takes each setting", () => {
  const { live } = readConfig({
    LIVE_DEFAULT_SOURCE: "demo",
    LIVE_SOURCES_FILE: "./sources.json",
    LIVE_BACKOFF_JITTER: "0",
    LIVE_STALL_SECONDS: "0",
    LIVE_PING_SECONDS: "5",
    LIVE_MAX_LINKS: "1",
    LIVE_FOLLOW: "true",
    LIVE_PUBLIC: "yes",
    LIVE_CHAT: "1",
    LIVE_ROOM_TTL_MINUTES: "2",
    DOUYIN_PAGE_URL: "http://127.0.0.1:1/",
    DOUYIN_PUSH_URL: "ws://127.0.0.1:2/push/",
    DOUYIN_SDK_VERSION: "9",
    DOUYIN_USER_AGENT: "a browser",
    DOUYIN_SIGNER_URL: "http://127.0.0.1:3/sign?a=1",
  });
  assert.deepEqual(live, {
    defaultSource: "demo",
    sourcesFile: "./sources.json",
    linksMax: 1,
    backoffJitter: 0,
    stallMs: 0,
    pingMs: 5000,
    isFollowing: true,
    isPublic: true,
    isChatOpen: true,
    roomTtlMs: 120_000,
    douyin: {
      pageUrl: "http://127.0.0.1:1",
      pushUrl: "ws://127.0.0.1:2/push/",
      sdkVersion: "9",
      userAgent: "a browser",
      signerUrl: "http://127.0.0.1:3/sign?a=1",
    },
  });
});
