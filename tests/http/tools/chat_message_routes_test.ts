// deno-lint-ignore-file camelcase

import assert from "node:assert/strict";
import {
  DELETE_MS_MAX,
  MESSAGES_DEFAULT,
} from "../../../src/http/tools/chat_message_routes.ts";
import { MESSAGES_MAX } from "../../../src/http/tools/message_page.ts";
import { ChatError } from "../../../src/wire/errors.ts";
import type { ToolsDeps } from "../../../src/http/tools/tools_deps.ts";
import { newChat } from "../../support/fake_chat_rooms.ts";
import { START_AT } from "../../support/fake_clock.ts";
import { newMessage } from "../../support/fake_messages.ts";
import {
  assertRefused,
  assertTool,
  newTestTools,
} from "../../support/test_tools.ts";

const ENDED = {
  code: "room_ended",
  error: "聊天室已结束",
  room_ended: true,
};
const NOT_FOUND = { code: "room_not_found", error: "聊天室不存在" };
const NOT_YOURS = {
  code: "not_participant",
  error: "您没有权限访问此聊天室",
};

/** A room of u1 and u2 with as many messages, by u2 and u1 in turn. */
function newTalk(length = 0) {
  const tools = newTestTools();
  const room = tools.rooms.open("r1", newChat(["u1", "u2"]));
  tools.messages.entries = Array.from({ length }, (_, index) =>
    newMessage({
      roomId: "r1",
      seq: index + 1,
      actor: index % 2 === 0 ? "u2" : "u1",
    }));
  function post(path: string, body?: unknown, user = "u1") {
    return tools.ask(`/chat/r1/${path}`, { method: "POST", body, user });
  }
  return { ...tools, room, post };
}

async function idsOf(response: Response): Promise<[number[], boolean]> {
  assert.equal(response.status, 200);
  const { messages, has_more: hasMore } = await response.json();
  return [messages.map((one: { id: number }) => one.id), hasMore];
}

const ROUTES = [
  ["GET", "messages"],
  ["POST", "send"],
  ["POST", "delete-message/1"],
  ["POST", "mark-read"],
  ["POST", "mark_read"],
] as const;

for (const [method, path] of ROUTES) {
  Deno.test(`${method} ${path} is for participants of a live room`, async () => {
    const { ask, messages, rooms } = newTestTools();
    rooms.open("r1", newChat(["u2", "u3"]));
    messages.end("old", newChat(["u1", "u2"]));
    const body = method === "POST" ? { content: "x" } : undefined;
    for (
      const [roomId, status, refusal] of [
        ["old", 410, ENDED],
        ["r1", 403, NOT_YOURS],
        ["none", 404, NOT_FOUND],
      ] as const
    ) {
      for (const slash of ["", "/"]) {
        const asked = `/chat/${roomId}/${path}${slash}`;
        const response = await ask(asked, { method, body });
        await assertRefused(response, status, refusal);
      }
    }
  });

  Deno.test(`${method} ${path} is for users, and knows no other method`, async () => {
    const { ask } = newTalk(1);
    const asked = `/chat/r1/${path}/`;
    const nobody = await ask(asked, { method, user: null });
    await assertRefused(nobody, 401, {
      code: "login_required",
      error: "请先登录",
      redirect_url: "/users/login/",
    });
    const other = method === "GET" ? "POST" : "GET";
    const response = await ask(asked, { method: other });
    assert.equal(response.headers.get("Allow"), method);
    await assertRefused(response, 405, {
      code: "method_not_allowed",
      error: "无效的请求方法",
    });
  });
}

Deno.test("GET messages shows what was said, oldest first", async () => {
  const { ask, messages, recorder } = newTalk();
  messages.entries = [
    newMessage({
      roomId: "r1",
      seq: 1,
      actor: "u1",
      payload: {
        content: "看",
        messageType: "image",
        fileUrl: "/a.png",
        read: true,
      },
    }),
    newMessage({ roomId: "r1", seq: 3, actor: "u2" }),
  ];
  const response = await ask("/chat/r1/messages/");
  await assertTool(response, 200, {
    success: true,
    messages: [{
      id: 1,
      sender: "u1",
      content: "看",
      message_type: "image",
      file_url: "/a.png",
      created_at: "2026-01-01T00:00:00.001Z",
      is_own: true,
      is_read: true,
      sender_id: "u1",
      sender_avatar: null,
      sender_name: "u1的昵称",
      file_name: "",
      sender_type: "user",
    }, {
      id: 3,
      sender: "u2",
      content: "第3条",
      message_type: "text",
      file_url: "",
      created_at: "2026-01-01T00:00:00.003Z",
      is_own: false,
      is_read: false,
      sender_id: "u2",
      sender_avatar: null,
      sender_name: "u2的昵称",
      file_name: "",
      sender_type: "user",
    }],
    room_id: "r1",
    has_more: false,
  });
  assert.deepEqual(recorder.flushes, ["r1"]);
});

Deno.test("GET messages pages upward", async () => {
  const { ask } = newTalk(7);
  const page = async (query: string) =>
    await idsOf(await ask(`/chat/r1/messages/${query}`));
  assert.deepEqual(await page("?limit=3"), [[5, 6, 7], true]);
  assert.deepEqual(await page("?limit=3&before_id=5"), [[2, 3, 4], true]);
  assert.deepEqual(await page("?limit=3&before_id=2"), [[1], false]);
  assert.deepEqual(await page("?limit=7"), [[1, 2, 3, 4, 5, 6, 7], false]);
});

Deno.test("GET messages shows the newest unless more are asked for", async () => {
  const { ask } = newTalk(MESSAGES_DEFAULT + 1);
  const [newest, hasMore] = await idsOf(await ask("/chat/r1/messages/"));
  assert.deepEqual([newest[0], newest.length], [2, MESSAGES_DEFAULT]);
  assert.equal(hasMore, true);
  const query = `?limit=${MESSAGES_DEFAULT + 1}`;
  const [all] = await idsOf(await ask(`/chat/r1/messages/${query}`));
  assert.equal(all.length, MESSAGES_DEFAULT + 1);
});

Deno.test("GET messages shows so many at most", async () => {
  const { ask } = newTalk(MESSAGES_MAX + 1);
  const query = `?limit=${MESSAGES_MAX + 1}`;
  const [ids, hasMore] = await idsOf(await ask(`/chat/r1/messages/${query}`));
  assert.equal(ids.length, MESSAGES_MAX);
  assert.equal(ids[0], 2);
  assert.equal(hasMore, true);
});

Deno.test("GET messages refuses a query that is none", async () => {
  const { ask } = newTalk(1);
  for (const query of ["limit=0", "limit=x", "before_id=0", "before_id=-1"]) {
    const response = await ask(`/chat/r1/messages/?${query}`);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).code, "bad_request");
  }
});

Deno.test("POST send says something as the user", async () => {
  const { post, room } = newTalk();
  const response = await post("send/", { content: " 你好 " });
  await assertTool(response, 200, {
    success: true,
    message: {
      id: 7,
      sender: "u1",
      content: "你好",
      message_type: "text",
      file_url: "",
      created_at: "2026-01-01T00:00:00.000Z",
      is_own: true,
      is_read: false,
      sender_id: "u1",
      sender_avatar: null,
      sender_name: "u1的昵称",
      file_name: "",
      sender_type: "user",
    },
  });
  assert.deepEqual(room.posts, [{
    author: {
      userId: "u1",
      nickname: "u1的昵称",
      isProven: true,
      isTokenAdmin: false,
    },
    command: { type: "chat", content: "你好" },
  }]);
});

Deno.test("POST send takes a file and the sender's own id", async () => {
  const { post, room } = newTalk();
  const response = await post("send/", {
    client_msg_id: "c1",
    message_type: "image",
    file_url: "/tools/uploads/r1/a.png",
    file_name: "a.png",
  });
  const { message } = await response.json();
  assert.equal(message.message_type, "image");
  assert.equal(message.file_name, "a.png");
  assert.equal(message.client_msg_id, "c1");
  assert.deepEqual(room.posts[0]?.command, {
    type: "chat",
    content: "",
    clientMsgId: "c1",
    messageType: "image",
    fileUrl: "/tools/uploads/r1/a.png",
    fileName: "a.png",
  });
});

Deno.test("POST send reads a form", async () => {
  const { ask, room } = newTalk();
  const raw = new URLSearchParams({ content: "你好" });
  const response = await ask("/chat/r1/send/", { method: "POST", raw });
  assert.equal(response.status, 200);
  await response.text();
  assert.deepEqual(room.posts[0]?.command, { type: "chat", content: "你好" });
});

Deno.test("POST send refuses what says nothing", async () => {
  const { post, room } = newTalk();
  const bodies = [{}, { content: "  " }, { content: "", client_msg_id: "c1" }];
  for (const body of [...bodies, undefined]) {
    await assertRefused(await post("send/", body), 400, {
      code: "message_empty",
      error: "消息内容不能为空",
    });
  }
  assert.deepEqual(room.posts, []);
});

Deno.test("POST send takes content up to the bound", async () => {
  const { ask, post } = newTalk();
  const fits = await post("send/", { content: "😀".repeat(20) });
  assert.equal(fits.status, 200);
  await fits.text();
  const refusals = [
    { content: "😀".repeat(21) },
    { content: 7 },
    { content: "x", file_url: "//evil.test/a" },
    { content: "x", message_type: "poll" },
  ];
  for (const body of refusals) {
    const response = await post("send/", body);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).code, "bad_request");
  }
  const broken = await ask("/chat/r1/send/", { method: "POST", raw: "{" });
  await assertRefused(broken, 400, {
    code: "bad_json",
    error: "无效的JSON格式",
  });
});

Deno.test("POST send refuses the same text within a second", async () => {
  const { clock, post, room } = newTalk();
  const say = (user = "u1") => post("send/", { content: "你好" }, user);
  await (await say()).text();
  await clock.advance(400);
  const response = await say();
  assert.equal(response.headers.get("Retry-After"), "1");
  await assertRefused(response, 429, {
    code: "rate_limited",
    error: "消息发送过于频繁，请稍后再试",
    retry_after_ms: 600,
  });
  assert.equal((await say("u2")).status, 200);
  await clock.advance(600);
  assert.equal((await say()).status, 200);
  assert.equal(room.posts.length, 3);
});

Deno.test("POST send says why the room refuses", async () => {
  const { post, room } = newTalk();
  for (
    const [code, status] of [["user_muted", 403], ["room_ended", 410]] as const
  ) {
    room.postRefusal = new ChatError(code);
    const response = await post("send/", { content: "x" });
    assert.equal(response.status, status);
    assert.equal((await response.json()).code, code);
  }
  room.postRefusal = undefined;
  const response = await post("send/", { content: "x" });
  assert.equal(response.status, 200);
  await response.text();
});

Deno.test("POST delete-message takes an own message back", async () => {
  const { post, room, recorder } = newTalk(2);
  await assertTool(await post("delete-message/2/"), 200, {
    success: true,
    message: "消息已删除",
    message_id: 2,
  });
  assert.deepEqual(room.posts[0]?.command, { type: "delete_message", seq: 2 });
  assert.equal(room.posts[0]?.author.userId, "u1");
  assert.deepEqual(recorder.flushes, ["r1"]);
});

Deno.test("POST delete-message does so for five minutes", async () => {
  const { clock, post, room } = newTalk(2);
  await clock.advance(2 + DELETE_MS_MAX);
  const inTime = await post("delete-message/2/");
  assert.equal(inTime.status, 200);
  await inTime.text();
  await clock.advance(1);
  await assertRefused(await post("delete-message/2/"), 400, {
    code: "delete_too_late",
    error: "只能删除5分钟内的消息",
  });
  assert.equal(room.posts.length, 1);
});

Deno.test("POST delete-message leaves messages of others", async () => {
  const { post, room } = newTalk(2);
  await assertRefused(await post("delete-message/1/"), 403, {
    code: "not_author",
    error: "只能删除自己的消息",
  });
  for (const id of ["3", "0", "x", "1e3", "99999999999999999999"]) {
    await assertRefused(await post(`delete-message/${id}/`), 404, {
      code: "message_not_found",
      error: "消息不存在",
    });
  }
  assert.deepEqual(room.posts, []);
});

for (const path of ["mark-read/", "mark-read", "mark_read/", "mark_read"]) {
  Deno.test(`POST ${path} marks what others said`, async () => {
    const { post, room } = newTalk(4);
    const response = await post(path);
    await assertTool(response, 200, { success: true, marked_count: 2 });
    assert.deepEqual(room.posts.map(({ command }) => command), [
      { type: "read", seqs: [1, 3] },
    ]);
  });
}

Deno.test("POST mark-read says when there is nothing to mark", async () => {
  const { post, room } = newTalk();
  const response = await post("mark-read/");
  await assertTool(response, 200, { success: true, marked_count: 0 });
  assert.deepEqual(room.posts, []);
});

Deno.test("POST mark-read marks five hundred at a time", async () => {
  const { messages, post, room } = newTalk(1002);
  room.post = (author, command) => {
    room.posts.push({ author, command });
    const seqs = command.type === "read" ? command.seqs : [];
    for (const entry of messages.entries) {
      if (seqs.includes(entry.seq)) entry.payload.read = true;
    }
    return Promise.resolve(room.posted);
  };
  const response = await post("mark-read/");
  await assertTool(response, 200, { success: true, marked_count: 501 });
  assert.equal(room.posts.length, 2);
});

Deno.test("POST mark-read stops when the room finds nothing left", async () => {
  const { post, room } = newTalk(1);
  room.posted = { seq: null, id: null, at: null, isRepeated: false };
  const response = await post("mark-read/");
  await assertTool(response, 200, { success: true, marked_count: 0 });
  assert.equal(room.posts.length, 1);
});

Deno.test("POST send keeps the time that the room gave", async () => {
  const { post, room } = newTalk();
  room.posted = { ...room.posted, seq: 9, at: START_AT + 1500 };
  const { message } = await (await post("send/", { content: "x" })).json();
  assert.equal(message.id, 9);
  assert.equal(message.created_at, "2026-01-01T00:00:01.500Z");
});

Deno.test("POST send answers a repeated id with what was said first", async () => {
  const { messages, post, room } = newTalk();
  const payload = { content: "one", clientMsgId: "k" };
  const first = newMessage({ roomId: "r1", seq: 7, actor: "u1", payload });
  messages.entries = [first];
  room.posted = { ...room.posted, isRepeated: true };
  const body = { content: "two", client_msg_id: "k" };
  const { message } = await (await post("send/", body)).json();
  assert.equal(message.id, 7);
  assert.equal(message.content, "one");
  assert.equal(message.client_msg_id, "k");
});

/** A deletion of a message that names a file, and what it discards. */
async function discardedWith(
  fileUrl: string,
  more: { discard?: () => Promise<void>; refusal?: Error } = {},
) {
  const discards: string[][] = [];
  const uploads: ToolsDeps["uploads"] = {
    ...newTestTools().deps.uploads,
    discard: (...words) => {
      discards.push(words);
      return more.discard?.() ?? Promise.resolve();
    },
  };
  const tools = newTestTools({ uploads });
  const room = tools.rooms.open("r 1", newChat(["u1", "u2"]));
  room.postRefusal = more.refusal;
  const file = { roomId: "r 1", seq: 1, actor: "u1", payload: { fileUrl } };
  tools.messages.entries = [newMessage(file)];
  const path = "/chat/r%201/delete-message/1/";
  const response = await tools.ask(path, { method: "POST" });
  await response.text();
  return { discards, status: response.status, log: tools.log };
}

Deno.test("POST delete-message removes the file that the message brought", async () => {
  const { discards } = await discardedWith("/tools/uploads/r%201/a.png");
  assert.deepEqual(discards, [["r 1", "a.png", "u1"]]);
  const others = ["", "/tools/uploads/r2/a.png", "https://x.test/a.png"];
  for (const fileUrl of others) {
    assert.deepEqual((await discardedWith(fileUrl)).discards, []);
  }
});

Deno.test("POST delete-message leaves the file when the room refuses", async () => {
  const url = "/tools/uploads/r%201/a.png";
  const refusal = new ChatError("storage_unavailable");
  const { discards, status } = await discardedWith(url, { refusal });
  assert.equal(status, 503);
  assert.deepEqual(discards, []);
});

Deno.test("POST delete-message stands when the disk keeps the file", async () => {
  const discard = () => Promise.reject(new Error("disk"));
  const url = "/tools/uploads/r%201/a.png";
  const { log, status } = await discardedWith(url, { discard });
  assert.equal(status, 200);
  assert.equal(log.lines.length, 1);
});
