import assert from "node:assert/strict";
import {
  retriedText,
  runningText,
  startedText,
  stoppedText,
} from "../../src/http/live_texts.ts";

Deno.test("Texts of live rooms are the reference's, with the id", () => {
  assert.equal(startedText("X"), "成功开始监听直播间 X");
  assert.equal(runningText("X"), "直播间 X 已在监听中");
  assert.equal(stoppedText("X"), "已停止监听直播间 X");
  assert.equal(retriedText("X"), "正在重新连接直播间 X");
});
