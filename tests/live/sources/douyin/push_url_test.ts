import assert from "node:assert/strict";
import {
  pushParameters,
  pushUrl,
} from "../../../../src/live/sources/douyin/push_url.ts";

const PARAMETERS = pushParameters({
  visit: { roomId: "741", ttwid: "t", userUniqueId: "735" },
  sdkVersion: "1.0.14-beta.0",
  userAgent: "Mozilla/5.0 (X)",
  cursorId: "739",
  now: 1_767_225_600_000,
});

Deno.test("pushParameters has the platform's parameters in their order", () => {
  assert.deepEqual(PARAMETERS.map(([name, value]) => `${name}=${value}`), [
    "app_name=douyin_web",
    "version_code=180800",
    "webcast_sdk_version=1.0.14-beta.0",
    "update_version_code=1.0.14-beta.0",
    "compress=gzip",
    "device_platform=web",
    "cookie_enabled=true",
    "screen_width=1920",
    "screen_height=1080",
    "browser_language=zh-CN",
    "browser_platform=Win32",
    "browser_name=Mozilla",
    "browser_version=5.0 (X)",
    "browser_online=true",
    "tz_name=Asia/Shanghai",
    "cursor=d-1_u-1_fh-739_t-1767225600000_r-1",
    "internal_ext=internal_src:dim|wss_push_room_id:741|wss_push_did:735|" +
    "first_req_ms:1767225600000|fetch_time:1767225600000|seq:1|" +
    "wss_info:0-1767225600000-0-0|wrds_v:739",
    "host=https://live.douyin.com",
    "aid=6383",
    "live_id=1",
    "did_rule=3",
    "endpoint=live_pc",
    "support_wrds=1",
    "user_unique_id=735",
    "im_path=/webcast/im/fetch/",
    "identity=audience",
    "need_persist_msg_count=15",
    "insert_task_id=",
    "live_reason=",
    "room_id=741",
    "heartbeatDuration=0",
  ]);
});

Deno.test("pushUrl ends in the signature", () => {
  const url = pushUrl("wss://host/push/", PARAMETERS, "a+b/=");
  assert(url.startsWith("wss://host/push/?app_name=douyin_web&version_code="));
  assert(
    url.endsWith("&room_id=741&heartbeatDuration=0&signature=a%2Bb%2F%3D"),
  );
});

Deno.test("pushUrl has no signature when nothing signs, and keeps a query", () => {
  const url = pushUrl("wss://host/push?x=1", [["a", "2"]], undefined);
  assert.equal(url, "wss://host/push?x=1&a=2");
});
