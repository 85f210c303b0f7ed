import assert from "node:assert/strict";
import { EN } from "../../src/web/words_en.ts";
import { ZH } from "../../src/web/words_zh.ts";

function valuesOf(text: string): string[] {
  return Array.from(text.matchAll(/\{\w+\}/g), ([name]) => name).sort();
}

Deno.test("words have the same values in each language, and none is empty", () => {
  for (const key of Object.keys(EN) as (keyof typeof EN)[]) {
    assert.deepEqual(valuesOf(ZH[key]), valuesOf(EN[key]), key);
    assert.notEqual(EN[key].trim(), "", key);
    assert.notEqual(ZH[key].trim(), "", key);
  }
  assert.deepEqual(Object.keys(ZH).sort(), Object.keys(EN).sort());
});

Deno.test("words say in Chinese what the seed's pages say", () => {
  assert.equal(ZH.roomsCard, "活跃聊天室");
  assert.equal(ZH.onlineCard, "在线用户");
  assert.equal(ZH.linkCard, "心动链接状态");
  assert.equal(ZH.enterRoom, "进入聊天");
  assert.equal(ZH.leaveRoom, "离开房间");
  assert.equal(ZH.roomsEmpty, "暂无活跃聊天室");
  assert.equal(ZH.linkWaiting, "等待中");
  assert.equal(ZH.linkNone, "无");
});
