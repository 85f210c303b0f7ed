import assert from "node:assert/strict";
import {
  closingLines,
  quietLine,
  roomLines,
  startLine,
} from "../../src/jobs/cleanup_lines.ts";
import type { ReapedRoom } from "../../src/jobs/reaper.ts";

function room(roomId: string, error?: string): ReapedRoom {
  const failed = error === undefined ? {} : { error };
  return { roomId, kind: "chat", createdAt: 0, emptySinceAt: 0, ...failed };
}

function deviceRoom(roomId: string, error?: string): ReapedRoom {
  return { ...room(roomId, error), kind: "device" };
}

Deno.test("startLine names the minutes", () => {
  assert.deepEqual(startLine(10), {
    level: "INFO",
    text: "开始清理不活跃的聊天室（断开连接10分钟后清理）...",
  });
});

Deno.test("roomLines tells failures from what was done", () => {
  assert.deepEqual(roomLines([room("a"), room("b", "disk full")]), [
    { level: "INFO", text: "已清理聊天室: a" },
    { level: "ERROR", text: "清理聊天室 b 时出错: disk full" },
  ]);
});

Deno.test("closingLines counts what was ended, and all rooms", () => {
  const rooms = [room("a"), room("b", "disk full"), room("c")];
  const counts = { active: 1, ended: 2, waiting: 3 };
  assert.deepEqual(closingLines(rooms, counts).map(({ text }) => text), [
    "清理完成！",
    "本次清理: 2 个聊天室",
    "当前状态:",
    "  - 活跃聊天室: 1",
    "  - 已结束聊天室: 2",
    "  - 等待匹配: 3",
  ]);
});

Deno.test("roomLines tells device rooms from those of users", () => {
  const rooms = [room("a"), deviceRoom("D1"), deviceRoom("D2", "disk full")];
  assert.deepEqual(roomLines(rooms), [
    { level: "INFO", text: "已清理聊天室: a" },
    { level: "INFO", text: "已清理设备房间: D1" },
    { level: "ERROR", text: "清理设备房间 D2 时出错: disk full" },
  ]);
});

Deno.test("closingLines counts device rooms by themselves, if any were ended", () => {
  const texts = (rooms: ReapedRoom[]) =>
    closingLines(rooms, undefined).map(({ text }) => text);
  assert.deepEqual(texts([room("a"), deviceRoom("D1"), deviceRoom("D2")]), [
    "清理完成！",
    "本次清理: 1 个聊天室",
    "本次清理: 2 个设备房间",
  ]);
  assert.deepEqual(texts([deviceRoom("D1", "disk full")]), [
    "清理完成！",
    "本次清理: 0 个聊天室",
  ]);
});

Deno.test("closingLines leaves out what could not be counted", () => {
  assert.deepEqual(closingLines([], undefined).map(({ text }) => text), [
    "清理完成！",
    "本次清理: 0 个聊天室",
  ]);
});

Deno.test("quietLine says all in one", () => {
  assert.equal(quietLine().text, "清理完成！本次清理: 0 个聊天室");
});

Deno.test("cleanup lines tell live rooms from those of users, and count them last", () => {
  const live = { ...room("L1"), kind: "live" } as const;
  const failed = { ...live, error: "disk full" };
  assert.deepEqual(roomLines([live, failed]).map(({ text }) => text), [
    "已清理直播间: L1",
    "清理直播间 L1 时出错: disk full",
  ]);
  const rooms = [live, deviceRoom("D1"), failed];
  assert.deepEqual(closingLines(rooms, undefined).map(({ text }) => text), [
    "清理完成！",
    "本次清理: 0 个聊天室",
    "本次清理: 1 个设备房间",
    "本次清理: 1 个直播间",
  ]);
});
