import assert from "node:assert/strict";
import {
  abnormalText,
  brokenText,
  connectingText,
  restoredText,
  silentText,
} from "../../src/live/seed_texts.ts";

Deno.test("Seed texts are the reference's", () => {
  assert.deepEqual([
    connectingText("261378947940"),
    brokenText("261378947940", 1),
    restoredText("261378947940"),
    silentText("261378947940"),
    abnormalText(4),
  ], [
    "开始连接直播间 261378947940",
    "检测到直播间 261378947940 连接断开，尝试重连（第 1 次）",
    "直播间 261378947940 连接已恢复正常",
    "直播间 261378947940 超过60秒未收到消息，可能连接异常",
    "直播间状态异常: 4",
  ]);
});
